"""Packs of a small run: each holds its reader's own and nothing else, whoever the reader is."""

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pilotage import pipeline
from pilotage.case.case import Case
from pilotage.case.read_back import ReadRun, read_run
from pilotage.case.reload import scenario_again
from pilotage.case.run_folder import FAILED
from pilotage.domain.checksums import sha256_of
from pilotage.domain.findings.packs import Audience, AudienceKind, BodyPack, Stamp, TrusteesPack
from pilotage.domain.inputs import FORECAST
from pilotage.domain.maintained import is_maintained
from pilotage.errors import AuditError, DataError, UsageError
from pilotage.report.share.folder import write_pack
from pilotage.study.share.audience import schools_of
from pilotage.study.share.body import body_pack
from pilotage.study.share.pack import Wanted, shared
from tests.study.renewed import renew
from tests.study.share.leaks import Secrets, leaks

HOSTILE = (
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "\t+cmd",
    "🏫 é",
    "../../CON",
    "x" * 300,
    'a "quote", b',
    "NUL",
)

Make = Callable[[str], BodyPack | TrusteesPack]


def _quiet(_said: str) -> None:
    pass


@pytest.fixture(scope="module")
def opened(small_home: Path) -> tuple[ReadRun, Case]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(small_home)
        run = read_run(Path("runs/small"))
        return run, pipeline.gather(scenario_again(run))


def _pack(run: ReadRun, case: Case, asked: Audience, *, named: bool = False) -> BodyPack:
    audience, own = schools_of(asked, case.panel.schools, case.urns.tolist())
    return body_pack(run, case, Stamp(audience, run.manifest.as_of, "0" * 12, named=named), own)


def _secrets(run: ReadRun, case: Case, own: set[int], *, leaders: bool = True) -> Secrets:
    """Return all that is not of some schools: names and URNs of all others, their figures, leaders and posts."""
    schools = case.panel.schools
    inside, outside = schools[schools["urn"].isin(own)], schools[~schools["urn"].isin(own)]
    figures = run.forecast.table.drop(columns=["urn", "reasons", "missing"]).select_dtypes("number")
    theirs = figures[~run.forecast.table["urn"].isin(own)].to_numpy(dtype=float).ravel()
    ours = figures[run.forecast.table["urn"].isin(own)].to_numpy(dtype=float).ravel()
    people = [*case.pool.leaders["leader_id"].astype(str)] if leaders else []
    return Secrets(
        names=[*outside["name"], *people, *case.posts.posts["post_id"].astype(str)],
        numbers={*outside["urn"].astype(str), *(_printed(theirs) - _printed(ours))},
        own=[*inside["name"], *inside["authority"], *inside["trust"].dropna().unique(), *inside["urn"].astype(str)],
    )


def _printed(values: np.ndarray) -> set[str]:
    """Return figures as lists print them with decimals, at least three: a figure of fewer may be anything's."""
    known = values[np.isfinite(values)]
    texts = {text for value in known for text in (f"{value:.4f}".rstrip("0"), f"{value:.3f}", repr(float(value)))}
    return {text for text in texts if len(text.partition(".")[2].rstrip("0")) >= 3}


def _bodies(case: Case) -> list[Audience]:
    schools = case.panel.schools[case.panel.schools["urn"].isin(case.urns)]
    kinds = ((AudienceKind.TRUST, "trust"), (AudienceKind.AUTHORITY, "authority"))
    return [Audience(kind, name) for kind, column in kinds for name in sorted(schools[column].dropna().unique())]


def test_no_pack_of_any_trust_or_authority_holds_anything_of_another(
    opened: tuple[ReadRun, Case], tmp_path: Path
) -> None:
    run, case = opened
    bodies = _bodies(case)
    assert {body.kind for body in bodies} == {AudienceKind.TRUST, AudienceKind.AUTHORITY}
    offered = 0
    for number, body in enumerate(bodies):
        pack = _pack(run, case, body)
        folder = write_pack(pack, tmp_path / str(number), force=False)
        own = {school.urn for school in pack.schools}
        assert leaks(folder, _secrets(run, case, own)) == []
        offered += sum(len(school.offers) for school in pack.schools)
    assert offered > 0


def test_a_pack_has_all_schools_of_the_body_in_scope_and_no_other(opened: tuple[ReadRun, Case], tmp_path: Path) -> None:
    run, case = opened
    body = next(body for body in _bodies(case) if body.kind is AudienceKind.AUTHORITY)
    folder = write_pack(_pack(run, case, body), tmp_path / "pack", force=False)
    with (folder / "schools.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {int(row["urn"]) for row in csv.DictReader(file)}
    assert listed == set(run.ranked.loc[run.ranked["authority"] == body.name, "urn"])


def test_of_an_academy_its_authority_gets_facts_alone_and_its_trust_the_forecast(opened: tuple[ReadRun, Case]) -> None:
    run, case = opened
    schools = case.panel.schools.set_index("urn")
    for body in _bodies(case):
        for school in _pack(run, case, body).schools:
            answered = body.kind is AudienceKind.TRUST or schools["school_type"][school.urn] == "Community School"
            assert (school.forecast is not None) == answered
            assert answered or school.offers == ()


def test_an_authority_sees_no_forecast_of_a_school_whose_type_is_not_known(opened: tuple[ReadRun, Case]) -> None:
    run, case = opened
    panel = replace(case.panel, schools=case.panel.schools.assign(school_type=None))
    body = next(body for body in _bodies(case) if body.kind is AudienceKind.AUTHORITY)
    pack = _pack(run, replace(case, panel=panel), body)
    assert pack.schools
    assert pack.answered_for == ()


def test_types_that_an_authority_maintains() -> None:
    types = pd.Series([" Community school", "Voluntary Aided School", "Pupil referral unit", "Academy converter", None])
    assert is_maintained(types).tolist() == [True, True, True, False, False]


def _with_offer(run: ReadRun, case: Case) -> Audience:
    """Return a body with a school that the plan sends a leader to and that it answers for."""
    served = set(run.placements["urn"])
    return next(
        body
        for body in _bodies(case)
        if any(school.offers and school.urn in served for school in _pack(run, case, body).schools)
    )


def test_leaders_are_named_only_where_that_is_asked_for(opened: tuple[ReadRun, Case], tmp_path: Path) -> None:
    run, case = opened
    named = case.pool.leaders.assign(name=[f"Person {number} Surname" for number in range(len(case.pool.leaders))])
    case = replace(case, pool=replace(case.pool, leaders=named))
    body = _with_offer(run, case)
    people = Secrets(names=[*named["name"], *named["leader_id"]], numbers=[])
    without, with_names = (_pack(run, case, body, named=each) for each in (False, True))
    assert leaks(write_pack(without, tmp_path / "without", force=False), people) == []
    shown = write_pack(with_names, tmp_path / "with", force=False)
    sent = set(run.placements.loc[run.placements["urn"].isin([s.urn for s in with_names.schools]), "leader_id"])
    listed = json.loads((shown / "manifest.json").read_text(encoding="utf-8"))["leaders"]
    assert listed
    assert set(listed) <= sent
    others = named[~named["leader_id"].isin(listed)]
    assert leaks(shown, Secrets(names=[*others["name"], *others["leader_id"]], numbers=[])) == []
    own = named[named["leader_id"] == listed[0]]
    assert leaks(shown, Secrets(names=own["name"], numbers=[]))


def test_what_is_asked_and_what_is_supported_are_offered_too(opened: tuple[ReadRun, Case]) -> None:
    run, case = opened
    body = next(each for each in _bodies(case) if each.kind is AudienceKind.TRUST)
    urn, leader = _pack(run, case, body).schools[0].urn, case.pool.leaders["leader_id"].iloc[0]
    asks = pd.DataFrame({"leader_id": [leader], "urn": [urn], "level": ["head"], "starts_on": ["2016-09-01"]})
    support = pd.DataFrame({"leader_id": ["London"], "urn": [urn], "pupils_reached": [12]})
    nothing = run.placements.iloc[:0]
    pack = _pack(replace(run, placements=nothing, asks=asks, support=support), case, body)
    (offered,) = (school for school in pack.schools if school.offers)
    assert offered.urn == urn
    assert [offer.kind for offer in offered.offers] == ["ask", "support"]
    assert [offer.pupils for offer in offered.offers] == [None, 12]
    assert offered.offers[0].level == "head"


def test_reasons_of_a_forecast_file_may_name_anything_and_are_left_out(opened: tuple[ReadRun, Case]) -> None:
    run, case = opened
    body = _bodies(case)[0]
    assert any(school.forecast and school.forecast.reasons for school in _pack(run, case, body).schools)
    first = run.manifest.inputs[0]
    inputs = (*run.manifest.inputs, first.model_copy(update={"role": FORECAST}))
    own_file = replace(run, manifest=run.manifest.model_copy(update={"inputs": inputs}))
    assert all(not school.forecast.reasons for school in _pack(own_file, case, body).schools if school.forecast)


@pytest.mark.parametrize("seed", range(6))
def test_in_drawn_worlds_with_hostile_names_nothing_leaks(
    opened: tuple[ReadRun, Case], tmp_path: Path, seed: int
) -> None:
    run, case = opened
    drawn = np.random.default_rng(seed)
    schools, size = case.panel.schools.copy(), len(case.panel.schools)
    schools["name"] = [
        f"{HOSTILE[number]} w{place}q{seed}" for place, number in enumerate(drawn.integers(8, size=size))
    ]
    trusts = [None, *(f"{name} Trust {number}" for number, name in enumerate(HOSTILE))]
    schools["trust"] = [trusts[number] for number in drawn.integers(len(trusts), size=size)]
    schools["trust_id"] = pd.array([None] * size, dtype="Int64")
    schools["authority"] = [f"Authority {number}" for number in drawn.integers(5, size=size)]
    kinds = np.array(["Community School", "Academy Converter", "Free School", None], dtype=object)
    schools["school_type"] = drawn.choice(kinds, size=size)
    facts = schools.set_index("urn")[["name", "trust", "authority"]]
    ranked = run.ranked.assign(**{name: run.ranked["urn"].map(facts[name]) for name in facts})
    ranked["placement_reason"] = "like " + str(schools["name"].iloc[0])
    ranked["marks"] = "merged with " + str(schools["name"].iloc[1])
    run = replace(run, ranked=ranked)
    case = replace(case, panel=replace(case.panel, schools=schools))
    bodies = _bodies(case)
    for number, place in enumerate(drawn.choice(len(bodies), size=4, replace=False)):
        pack = _pack(run, case, bodies[place])
        folder = write_pack(pack, tmp_path / str(number), force=False)
        assert leaks(folder, _secrets(run, case, {school.urn for school in pack.schools})) == []
        page = (folder / "pack.html").read_text(encoding="utf-8")
        assert "<script" not in page
        with (folder / "schools.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)


@pytest.mark.usefixtures("gathered_once")
def test_trustees_see_no_school_no_leader_and_no_small_number(small_run: Path, tmp_path: Path) -> None:
    pack = shared(small_run, Wanted("trustees"), _quiet)
    assert isinstance(pack, TrusteesPack)
    folder = write_pack(pack, tmp_path / "pack", force=False)
    run = read_run(small_run)
    case = pipeline.gather(scenario_again(run))
    assert leaks(folder, _secrets(run, case, set())) == []
    assert pack.whole.schools == len(run.ranked)
    assert pack.whole.placed == (run.ranked["status"] == "placed").sum()
    assert pack.totals.leaders_placed == run.plan.placements
    assert pack.totals.benefit_low == pytest.approx(run.placements["low"].sum())
    with (folder / "areas.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        counts = [int(cell.replace(",", "")) for name, cell in row.items() if name != "area" and cell != "not shown"]
        assert all(count == 0 or count >= 5 for count in counts)


def test_a_plan_that_asks_has_no_range_on_record(opened: tuple[ReadRun, Case]) -> None:
    from pilotage.study.share.trustees import trustees_pack

    run, _ = opened
    asks = replace(run, plan=run.plan.model_copy(update={"asks": 3}))
    totals = trustees_pack(asks, Stamp(Audience(AudienceKind.TRUSTEES), run.manifest.as_of, "0" * 12), 9).totals
    assert (totals.benefit_low, totals.benefit_high) == (None, None)


@pytest.mark.usefixtures("gathered_once")
def test_the_same_run_and_reader_give_the_same_bytes(small_run: Path, tmp_path: Path) -> None:
    reader = f"authority:{read_run(small_run).ranked['authority'].iloc[0]}"
    folders = [
        write_pack(shared(small_run, Wanted(reader, signed_off_by="A. Person"), _quiet), tmp_path / name, force=False)
        for name in ("one", "two")
    ]
    first, second = ({p.relative_to(f): sha256_of(p) for p in f.rglob("*") if p.is_file()} for f in folders)
    assert first == second
    assert Path("schools") in {path.parent for path in first}


def test_an_edited_list_is_refused_and_an_edited_workbook_is_not_read(small_run: Path) -> None:
    (small_run / "report.xlsx").write_bytes(b"typed in")
    path = small_run / "ranked_schools.csv"
    path.write_bytes(path.read_bytes().replace(b"London", b"Londin"))
    with pytest.raises(DataError, match="was changed since the run") as refused:
        shared(small_run, Wanted("trustees"), _quiet)
    assert "report.xlsx" not in str(refused.value)


def test_a_run_whose_audit_failed_is_refused(small_run: Path) -> None:
    renew(small_run, audit_clean=False)
    for path in sorted(small_run.iterdir()):
        path.rename(path.with_name(f"{FAILED}{path.name}"))
    with pytest.raises(AuditError, match="must not be shared"):
        shared(small_run, Wanted("trustees"), _quiet)


def test_a_folder_without_checksums_is_refused(small_run: Path) -> None:
    stated = json.loads((small_run / "manifest.json").read_text(encoding="utf-8"))
    (small_run / "manifest.json").write_text(json.dumps(stated | {"files": None}), encoding="utf-8")
    with pytest.raises(DataError, match="of an earlier version"):
        shared(small_run, Wanted("trustees"), _quiet)


def test_an_input_that_is_gone_is_named(small_run: Path) -> None:
    Path("tables/own_leaders.csv").unlink()
    with pytest.raises(DataError, match=r"own_leaders\.csv .*is gone"):
        shared(small_run, Wanted("trustees"), _quiet)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted("trustees", named=True), "--with-names - trustees see areas and totals"),
        (Wanted("trustees", signed_off_by=" \n "), "--signed-off-by - blank"),
        (Wanted("trustees", signed_off_by="x" * 201), "--signed-off-by - 201 letters"),
        (Wanted("everybody"), "--with - 'everybody' - trust:NAME, authority:NAME or trustees"),
    ],
)
def test_what_cannot_be_asked_is_said_before_anything_is_read(wanted: Wanted, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        shared(Path("nowhere"), wanted, _quiet)
    assert str(refused.value).startswith(words)


def test_a_pack_of_someone_who_is_forgotten_is_found(opened: tuple[ReadRun, Case], tmp_path: Path) -> None:
    from pilotage.case.holding import folders_holding

    run, case = opened
    pack = _pack(run, case, _with_offer(run, case), named=True)
    folder = write_pack(pack, tmp_path / "packs" / "one", force=False)
    leader = next(offer.leader_id for school in pack.schools for offer in school.offers)
    assert leader is not None
    assert folders_holding(tmp_path / "packs", leader) == [folder]
    shutil.rmtree(folder)
    write_pack(_pack(run, case, _with_offer(run, case)), folder, force=False)
    assert folders_holding(tmp_path / "packs", leader) == []
