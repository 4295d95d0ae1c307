"""What a plan of a session gives to others: each body by a word that means it alone, and sheets for governors."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pilotage.domain.findings.packs import AudienceKind
from pilotage.domain.maintained import is_maintained
from pilotage.study.session.packs import bodies, governors_sheet, pack_in, schools_with_sheets
from pilotage.study.session.tried import Planned, Tried, in_folder
from pilotage.study.share.pack import Wanted
from tests.study.session.conftest import silent


@pytest.fixture
def tried(first: Planned) -> Tried:
    return first.tried


def _in_scope(tried: Tried) -> pd.DataFrame:
    schools = tried.case.panel.schools
    return schools[schools["urn"].isin(tried.case.urns)]


def test_the_bodies_are_those_of_the_schools_in_scope(tried: Tried) -> None:
    authorities = bodies(tried, AudienceKind.AUTHORITY)
    assert list(authorities.values()) == sorted(set(_in_scope(tried)["authority"]))
    assert all(word == f"authority:{name}" for word, name in authorities.items())


def test_two_trusts_of_one_name_are_told_apart_by_their_numbers(tried: Tried) -> None:
    schools = tried.case.panel.schools.copy()
    three = _in_scope(tried).index[:3]
    schools["trust"] = pd.Series(pd.NA, schools.index, dtype="object")
    schools["trust_id"] = pd.Series(pd.NA, schools.index, dtype="Int64")
    schools.loc[three, "trust"] = ["Oak", "Oak", "Elm"]
    schools.loc[three[:2], "trust_id"] = [7, 8]
    case = replace(tried.case, panel=replace(tried.case.panel, schools=schools))
    made = bodies(replace(tried, case=case), AudienceKind.TRUST)
    assert made == {"trust:Elm": "Elm", "trust:7": "Oak", "trust:8": "Oak"}


def test_a_pack_is_written_below_the_folder_and_made_again(tried: Tried, tmp_path: Path) -> None:
    run = in_folder(tried).folder
    word = next(iter(bodies(tried, AudienceKind.AUTHORITY)))
    for signed in (None, "Ann Example"):
        folder = pack_in(tmp_path, run, Wanted(word, signed_off_by=signed), silent)
        assert folder.parent == tmp_path
        assert ("Ann Example" in (folder / "pack.html").read_text(encoding="utf-8")) == (signed is not None)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_sheet_is_made_by_the_body_that_answers_for_the_school(tried: Tried) -> None:
    run, schools = in_folder(tried).folder, _in_scope(tried).set_index("urn")
    offered = schools_with_sheets(tried)
    assert list(offered.values()) == sorted(offered.values())
    kept = schools.loc[list(offered)]
    left_out = schools.drop(index=list(offered))
    assert not is_maintained(left_out["school_type"]).any()
    assert left_out["trust"].isna().all()
    for group in (kept[kept["trust"].isna()], kept[kept["trust"].notna()]):
        for urn in group.index[:1]:
            page = governors_sheet(tried, run, int(urn), "Ann Example", silent)
            assert str(urn) in page
            assert "Ann Example" in page
            assert "What this plan offers" in page
