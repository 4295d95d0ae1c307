"""The table of schools: read, put together by school, and every fault told with its row."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pilotage import assets
from pilotage.config.overlay import resolve
from pilotage.domain.answers import Answer, Asked
from pilotage.domain.panel import Posts, SchoolPanel
from pilotage.errors import DataError, ScenarioError
from pilotage.sources.assemble import load_panel
from pilotage.sources.pool.known_schools import KnownSchools, read_known_schools
from pilotage.sources.pool.tables import load_pool

Read = Callable[..., KnownSchools]
FIRST, SECOND = 900001, 900002  # of an East of England trust, and of the authority Leicester
TRUST = "East of England Learning Trust 5 (synthetic)"


@pytest.fixture(scope="module")
def panel() -> SchoolPanel:
    made = load_panel(resolve("baseline").scenario, cache=assets.cache(), say=print)
    return replace(made, other_urns={800001: FIRST}, merged_urns={800002: SECOND})


@pytest.fixture
def read(panel: SchoolPanel, tmp_path: Path) -> Read:
    def made(*rows: dict[str, Any], scope: list[int] | None = None) -> KnownSchools:
        pd.DataFrame(list(rows)).to_csv(tmp_path / "schools.csv", index=False)
        urns = panel.schools["urn"] if scope is None else pd.Series(scope)
        told = read_known_schools(tmp_path / "schools.csv", panel, urns.to_numpy(dtype="int64"))
        if told.problems:
            raise DataError(told.problems)
        return told.known

    return made


def _told(read: Read, *rows: dict[str, Any]) -> list[str]:
    with pytest.raises(DataError) as caught:
        read(*rows)
    return [str(problem).split("schools.csv, ")[-1] for problem in caught.value.problems]


def _row(known: KnownSchools, urn: int) -> list[Any]:
    values = known.table.loc[urn, ["supported_by", "supported_until", "readvertised", "note"]]
    return [None if pd.isna(value) else value for value in values]


def test_a_row_is_read_and_blank_is_not_known(read: Read) -> None:
    cells = {"supported_by": "RISE; Hub", "supported_until": "31/08/2027", "readvertised": "Headteacher", "note": "x"}
    known = read({"urn": FIRST} | cells | {"consent_of_body": "yes"}, {"urn": SECOND, "note": ""})
    assert _row(known, FIRST) == ["RISE; Hub", pd.Timestamp("2027-08-31"), "head", "x"]
    assert known.table.index.tolist() == [FIRST]  # a row that says nothing is nothing known
    said = known.standing[FIRST]
    assert (said.asked, said.party, said.said, said.row, said.standing) == (
        Asked(FIRST, None),
        "body",
        "agreed",
        2,
        True,
    )


@pytest.mark.parametrize(
    ("cell", "levels"),
    [("yes", "middle;senior;head;executive"), ("no", "no"), ("deputy; head", "senior;head"), ("", None)],
)
def test_posts_advertised_again_are_of_levels(read: Read, cell: str, levels: str | None) -> None:
    known = read({"urn": FIRST, "readvertised": cell, "note": "x"})
    assert _row(known, FIRST)[2] == levels


def test_headers_have_synonyms(read: Read) -> None:
    cells = {"URN": FIRST, "Responsible body": "", "Supporter": "RISE", "Support ends": "2027-08-31"}
    known = read(cells | {"Re-advertised": "no", "Consent of trust": "declined", "Comments": "x"})
    assert _row(known, FIRST) == ["RISE", pd.Timestamp("2027-08-31"), "no", "x"]
    assert known.standing[FIRST].said == "refused"


def test_support_counts_to_its_last_day(read: Read) -> None:
    known = read(
        {"urn": FIRST, "supported_by": "RISE", "supported_until": "2016-08-31"}, {"urn": SECOND, "supported_by": "B"}
    )
    assert known.supported_by(date(2016, 8, 31)).to_dict() == {FIRST: "RISE", SECOND: "B"}
    assert known.supported_by(date(2016, 9, 1)).to_dict() == {SECOND: "B"}


def test_a_row_of_a_body_is_for_its_schools_in_scope(read: Read, panel: SchoolPanel) -> None:
    schools = panel.schools.set_index("urn")
    own = schools.index[schools["trust"] == TRUST].tolist()
    known = read({"body": TRUST.upper(), "consent_of_body": "refused", "note": "n"}, scope=own[:-1])
    assert len(own) > 1
    assert sorted(known.standing) == own[:-1]
    assert {answer.row for answer in known.standing.values()} == {2}
    authority = read({"body": "leicester", "consent_of_body": "agreed"})
    without_trust = schools[(schools["authority"] == "Leicester") & schools["trust"].isna()]
    assert sorted(authority.standing) == sorted(without_trust.index)
    assert SECOND in authority.standing


def test_rows_of_one_school_are_put_together(read: Read) -> None:
    rows = [{"urn": FIRST, "supported_by": "RISE", "note": "a"}, {"urn": 800001, "supported_by": "rise", "note": "b"}]
    known = read(
        *rows, {"urn": FIRST, "supported_until": "2027-08-31", "supported_by": "RISE"}, {"body": TRUST, "note": "c"}
    )
    assert _row(known, FIRST) == ["RISE", pd.Timestamp("2027-08-31"), None, "a; b; c"]


def test_a_former_urn_leads_to_its_successor_with_a_note(panel: SchoolPanel, tmp_path: Path) -> None:
    (tmp_path / "schools.csv").write_text("urn,supported_by\n800001,RISE\n", encoding="utf-8")
    told = read_known_schools(tmp_path / "schools.csv", panel, panel.schools["urn"].to_numpy(dtype="int64"))
    assert told.known.table.index.tolist() == [FIRST]
    assert told.notes == (
        f"In schools.csv, urn reads 800001 as {FIRST} (row 2): by the official links these are the same schools.",
    )


FAULTS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "an unknown URN": (
        [{"urn": 123456, "note": "x"}],
        "row 2 - urn = 123456 - a URN of the schools' data - correct the URN",
    ),
    "a merged school": (
        [{"urn": 800002, "note": "x"}],
        f"the official links lead to {SECOND}: write that URN if you mean it",
    ),
    "no date": (
        [{"urn": FIRST, "supported_by": "R", "supported_until": "next year"}],
        "row 2 - supported_until = 'next year'",
    ),
    "no such day": (
        [{"urn": FIRST, "supported_by": "R", "supported_until": "31/06/2027"}],
        "supported_until = '31/06/2027'",
    ),
    "an end of nothing": (
        [{"urn": FIRST, "supported_until": "2027-08-31"}],
        "row 2 - supported_until is filled in, and supported_by is blank",
    ),
    "two supporters": (
        [{"urn": FIRST, "supported_by": "RISE"}, {"urn": FIRST, "supported_by": "Hub"}],
        f"row 3 - school {FIRST}: supported_by = 'Hub', and 'RISE' in row 2 - rows of one school, and of its "
        "responsible body, that agree or leave the cell blank - keep the one that holds; several names stand in one "
        "cell, separated by ;",
    ),
    "two ends": (
        [{"urn": FIRST, "supported_by": "R", "supported_until": day} for day in ("2027-08-31", "2028-08-31")],
        f"row 3 - school {FIRST}: supported_until = 31 Aug 2028, and 31 Aug 2027 in row 2",
    ),
    "a school and its body": (
        [{"body": TRUST, "consent_of_body": "refused"}, {"urn": FIRST, "consent_of_body": "agreed"}],
        f"row 3 - school {FIRST}: consent_of_body = 'agreed', and 'refused' in row 2",
    ),
    "a body that nobody has": (
        [{"body": "Leicster", "consent_of_body": "agreed"}],
        "row 2 - body = 'Leicster': no school has such a body - a trust or a local authority of the schools' data - "
        "did you mean 'Leicester'?",
    ),
    "support of a body": (
        [{"body": TRUST, "supported_by": "RISE"}],
        f"row 2 - supported_by is filled in for the responsible body '{TRUST}' - consent_of_body and note in the row "
        "of a body - write a row for each school",
    ),
    "neither": (
        [{"urn": "", "body": "", "consent_of_body": "agreed", "note": "x"}],
        "row 2 - urn and body are both blank",
    ),
    "both": ([{"urn": FIRST, "body": TRUST, "note": "x"}], "row 2 - urn and body are both filled in"),
    "no answer": ([{"urn": FIRST, "consent_of_body": "started"}], "row 2 - consent_of_body = 'started'"),
    "no level": ([{"urn": FIRST, "readvertised": "cook"}], "row 2 - readvertised = 'cook' - yes or no, or the levels"),
    "a misspelt column": ([{"urn": FIRST, "suported_by": "R"}], "did you mean 'supported_by'?"),
    "a column twice": ([{"urn": FIRST, "supported_by": "R", "supporter": "R"}], "several columns 'supported_by'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_told_once(read: Read, fault: str) -> None:
    rows, words = FAULTS[fault]
    (told,) = _told(read, *rows)
    assert words in told


def test_all_faults_are_told_at_once(read: Read) -> None:
    assert (
        len(_told(read, {"urn": FIRST, "supported_until": "2027-08-31"}, {"body": "Nowhere at all", "note": "x"})) == 2
    )


def _load(panel: SchoolPanel, tmp_path: Path, files: dict[str, str], *more: str) -> Posts:
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    settings = [f"pool.{name}={(tmp_path / f'{name}.csv').as_posix()}" for name in files]
    return load_pool(resolve("baseline", [*settings, *more]).scenario, panel)[1]


REFUSED = {"schools": f"urn,consent_of_body\n{FIRST},refused\n"}
HEADER = "leader_id,level,phases,easting,northing,max_travel_km,available_from\n"
LEADERS = HEADER + "L1,head,primary,389700,399500,41,2016-09-01\n"
POSTS = f"post_id,urn,level,opens_on,consent\nP1,{FIRST},head,2016-09-01,yes\n"
OWN = {"leaders": LEADERS, "posts": POSTS}


def test_the_body_s_yes_counts_for_asks_that_it_has_not_answered_itself(panel: SchoolPanel, tmp_path: Path) -> None:
    asks = f"urn,level,leader_id,school,leader,body\n{FIRST},head,L1,agreed,agreed,\n{SECOND},head,L1,agreed,,asked\n"
    schools = f"urn,consent_of_body\n{FIRST},agreed\n{SECOND},agreed\n"
    posts = _load(panel, tmp_path, OWN | {"asks": asks, "schools": schools}, "pool.prospects={levels: [head]}")
    said = {(answer.asked.urn, answer.party, answer.said, answer.standing) for answer in posts.answers}
    assert {each for each in said if each[1] == "body"} == {
        (FIRST, "body", "agreed", True),
        (SECOND, "body", "asked", False),
    }
    assert [(each.role, each.key) for each in posts.inputs if each.role == "schools"] == [("schools", "pool.schools")]


CLASHES: dict[str, tuple[dict[str, str], tuple[str, ...], str]] = {
    "a placement that holds": (
        {"pairs": "leader_id,post_id,state\nL1,P1,started\n"},
        (),
        "refused by the responsible body, but post P1 for L1: started",
    ),
    "a pin on a post": ({}, ("pins.p={leader_id: L1, post_id: P1, reason: r, author: a}",), "pins.p sends L1 to P1"),
    "a pin on a prospect": (
        {},
        (
            f"pins.p={{leader_id: L1, post_id: 'ask: {FIRST} head', reason: r, author: a}}",
            "pool.prospects={levels: [head]}",
        ),
        f"pins.p sends L1 to ask: {FIRST} head",
    ),
    "the body's own answer": (
        {"asks": f"urn,level,leader_id,body\n{FIRST},head,L1,agreed\n"},
        ("pool.prospects={levels: [head]}",),
        f"agreed by the responsible body, but school {FIRST}: refused by the responsible body",
    ),
}


@pytest.mark.parametrize("clash", CLASHES)
def test_what_a_refusal_of_the_body_contradicts_is_told(panel: SchoolPanel, tmp_path: Path, clash: str) -> None:
    files, settings, words = CLASHES[clash]
    with pytest.raises(DataError) as caught:
        _load(panel, tmp_path, OWN | REFUSED | files, *settings)
    (problem,) = caught.value.problems
    assert words in str(problem)


PAIRS: dict[str, tuple[str, str]] = {
    "a conflict with what holds": (
        f"leader_id,post_id,urn,state\nL1,P1,,accepted\nL1,,{FIRST},conflict\n",
        f"school {FIRST} for L1: not possible: a conflict of interest is on record, but post P1 for L1: accepted",
    ),
    "no place": ("leader_id,post_id,state\nL1,,conflict\n", "row 2 - post_id and urn are both blank"),
    "two places": (f"leader_id,post_id,urn,state\nL1,P1,{FIRST},conflict\n", "post_id and urn are both filled in"),
    "a school without a conflict": (
        f"leader_id,urn,state\nL1,{FIRST},refused\n",
        "post_id, or urn with state = conflict alone",
    ),
    "an unknown school": (
        "leader_id,urn,state\nL1,123456,conflict\n",
        "row 2 - urn = 123456 - a URN of the schools' data",
    ),
}


@pytest.mark.parametrize("fault", PAIRS)
def test_faults_of_conflicts_of_interest_are_told(panel: SchoolPanel, tmp_path: Path, fault: str) -> None:
    text, words = PAIRS[fault]
    with pytest.raises(DataError) as caught:
        _load(panel, tmp_path, OWN | {"pairs": text})
    (problem,) = caught.value.problems
    assert words in str(problem)


@pytest.mark.parametrize("row", ["L1,P1,,conflict", f"L1,,{FIRST},conflict", "L1,,800001,Conflict of interest"])
def test_a_conflict_of_interest_is_with_the_whole_school(panel: SchoolPanel, tmp_path: Path, row: str) -> None:
    posts = _load(panel, tmp_path, OWN | {"pairs": f"leader_id,post_id,urn,state\n{row}\n"})
    (answer,) = posts.answers
    assert isinstance(answer, Answer)
    assert (answer.asked, answer.party, answer.said) == (Asked(FIRST, None, "L1"), "pair", "conflict")
    assert posts.pairs.empty


def test_a_rule_names_who_supports_a_school_of_the_table(panel: SchoolPanel, tmp_path: Path) -> None:
    rule = "rules.r={rule: leave_out_supported, by: [RIZE]}"
    with pytest.raises(ScenarioError, match="did you mean 'RISE'"):
        _load(panel, tmp_path, OWN | {"schools": f"urn,supported_by\n{FIRST},RISE; Hub\n"}, rule)
    _load(panel, tmp_path, OWN | {"schools": f"urn,supported_by\n{FIRST},RISE; Hub\n"}, rule.replace("RIZE", "hub"))


def test_a_rule_on_supported_schools_needs_the_table() -> None:
    with pytest.raises(ScenarioError, match=r"pool\.schools names no table"):
        resolve("baseline", ["rules.r={rule: leave_out_supported}"])
