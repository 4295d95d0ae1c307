"""Whom ``--with`` means: forms, case, accents, numbers of trusts, names that two bodies have."""

import pandas as pd
import pytest

from pilotage.domain.findings.packs import Audience, AudienceKind
from pilotage.errors import UsageError
from pilotage.study.share.audience import audience_of, schools_of

SCHOOLS = pd.DataFrame(
    {
        "urn": [1, 2, 3, 4, 5, 6, 7],
        "authority": ["Derby", "Derby", "Kent", "Kent", "Kent", "Kent", "derby "],
        "trust": ["Élan Trust", "Oak Trust", "Oak Trust", "Twin Trust", "Twin Trust", None, "Half Trust"],
        "trust_id": pd.array([11, 12, 12, 21, 22, None, None], dtype="Int64"),
    }
)
IN_SCOPE = [1, 2, 4, 6]
TRUST, AUTHORITY = AudienceKind.TRUST, AudienceKind.AUTHORITY


@pytest.mark.parametrize(
    ("word", "audience"),
    [
        ("trust: Oak Trust ", Audience(TRUST, "Oak Trust")),
        ("Authority:Derby", Audience(AUTHORITY, "Derby")),
        ("trust:A: the first", Audience(TRUST, "A: the first")),
        ("TRUSTEES", Audience(AudienceKind.TRUSTEES)),
    ],
)
def test_forms(word: str, audience: Audience) -> None:
    assert audience_of(word) == audience


@pytest.mark.parametrize(
    "word", ["", "trust", "trust:", "authority: ", "trustees:", "trustees:x", "school:1", "Oak Trust"]
)
def test_other_forms_are_refused(word: str) -> None:
    with pytest.raises(UsageError, match="trust:NAME, authority:NAME or trustees"):
        audience_of(word)


@pytest.mark.parametrize(
    ("asked", "name", "urns"),
    [
        (Audience(TRUST, "Oak Trust"), "Oak Trust", [2]),
        (Audience(TRUST, "elan  TRUST"), "Élan Trust", [1]),
        (Audience(TRUST, "11"), "Élan Trust", [1]),
        (Audience(TRUST, "21"), "Twin Trust", [4]),
        (Audience(AUTHORITY, "KENT"), "Kent", [4, 6]),
        (Audience(AUTHORITY, "Derby"), "Derby", [1, 2]),
    ],
)
def test_the_schools_in_scope_of_the_body_that_is_meant(asked: Audience, name: str, urns: list[int]) -> None:
    audience, own = schools_of(asked, SCHOOLS, IN_SCOPE)
    assert audience == Audience(asked.kind, name)
    assert own["urn"].tolist() == urns


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Audience(TRUST, "Oak Turst"), "did you mean 'Oak Trust'"),
        (Audience(TRUST, "Zzz"), "check the spelling"),
        (Audience(TRUST, "99"), "no trust is called '99'"),
        (Audience(TRUST, "Twin Trust"), "name it by its number: trust:21 or trust:22"),
        (Audience(TRUST, "Half Trust"), "none of the 1 schools of Half Trust is in the scope of this run"),
        (Audience(AUTHORITY, "DERBY"), "2 are called so: 'Derby', 'derby '"),
    ],
)
def test_what_no_body_or_more_than_one_is_called_is_refused(asked: Audience, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        schools_of(asked, SCHOOLS, IN_SCOPE)
    assert words in str(refused.value)


def test_a_name_of_which_only_some_schools_have_a_number_is_not_taken_for_one_trust() -> None:
    schools = SCHOOLS.assign(trust="Oak Trust", trust_id=pd.array([12, None] * 3 + [12], dtype="Int64"))
    with pytest.raises(UsageError, match="more than one trust is called 'Oak Trust'"):
        schools_of(Audience(TRUST, "Oak Trust"), schools, IN_SCOPE)
