"""The question as a scenario file: small, with the planner's comments, and saying what the screen says."""

from pathlib import Path

import pytest

from pilotage import assets
from pilotage.config.overlay import resolve
from pilotage.errors import ScenarioError, UsageError
from pilotage.study.session.overlay import overlay_text, write_overlay
from pilotage.study.session.question import Edits, Question, opened, with_edits, without_entry

OWN = """\
# Agreed with the trustees in May.
extends: baseline
name: mine
why: "Mine."
pool:
  leaders: tables/leaders.csv  # from Ann
rules:
  trust-cap:
    count: 3  # was 4
"""
CHANGES: tuple[Edits, ...] = (
    {("scope", "regions"): ["London"]},
    {("pool", "leave_out"): ["L1", "L2"]},
    {("rules", "trust-cap", "count"): 2, ("solver", "gap"): 0.001},
    {("rules", "places-1"): {"rule": "area_minimum", "areas": ["region: London"], "count": 2}},
    {("bans", "nobody-900001"): {"urn": 900001, "reason": "yes: no # really", "author": "Ann"}},
    {("impact", "parameters", "carry_over"): 0.75},
    {("outcomes", "gap_widening", "weight"): 0.0},
)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


def _same(question: Question, path: Path) -> None:
    names = {"name": "", "why": ""}
    assert resolve(str(path)).scenario.model_copy(update=names) == question.scenario.model_copy(update=names)


@pytest.mark.parametrize("edits", CHANGES)
def test_a_file_that_extends_a_shipped_scenario_says_what_the_screen_says(edits: Edits, tmp_path: Path) -> None:
    question = with_edits(opened("baseline"), edits)
    path = write_overlay(question, tmp_path / "new.yaml", "Because.")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("extends: baseline\nname: new\nwhy: Because.\n")
    assert len(text.splitlines()) < 12
    _same(question, path)


@pytest.mark.parametrize("edits", CHANGES)
def test_the_comments_of_a_planners_own_file_stay(edits: Edits, own: Path) -> None:
    question = with_edits(opened(str(own)), edits)
    write_overlay(question, own, "Changed.")
    text = own.read_text(encoding="utf-8")
    for comment in ("# Agreed with the trustees in May.", "# from Ann", "# was 4"):
        assert comment in text
    _same(question, own)


def test_a_removed_rule_is_removed_in_the_file(own: Path) -> None:
    question = without_entry(without_entry(opened(str(own)), ("rules", "budget")), ("rules", "trust-cap"))
    write_overlay(question, own, "Fewer rules.")
    assert not {"budget", "trust-cap"} & set(resolve(str(own)).scenario.rules)


def test_a_rule_of_the_file_alone_is_taken_out_of_it(own: Path) -> None:
    own.write_text(OWN + "  places:\n    rule: area_minimum\n    areas: [London]\n    count: 1\n", encoding="utf-8")
    write_overlay(without_entry(opened(str(own)), ("rules", "places")), own, "Fewer rules.")
    assert "places" not in own.read_text(encoding="utf-8")


def test_tables_are_named_from_the_folder_of_the_file(own: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    question = with_edits(opened(str(own)), {("pool", "posts"): str(tmp_path / "posts.csv")})
    path = write_overlay(question, tmp_path / "elsewhere" / "moved.yaml", "Moved.")
    text = path.read_text(encoding="utf-8")
    assert "extends: ../mine.yaml" in text
    assert "posts: ../posts.csv" in text
    leaders = resolve(str(path)).scenario.pool.leaders
    assert leaders is not None
    assert leaders.resolve() == tmp_path.resolve() / "tables" / "leaders.csv"


def test_another_file_is_never_written_over(own: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("theirs", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already"):
        write_overlay(opened(str(own)), other, "x")
    assert other.read_text(encoding="utf-8") == "theirs"


def test_a_shipped_scenario_is_never_changed() -> None:
    before = (assets.configs() / "baseline.yaml").read_bytes()
    with pytest.raises(UsageError, match="is there already"):
        write_overlay(opened("baseline"), assets.configs() / "baseline.yaml", "x")
    assert (assets.configs() / "baseline.yaml").read_bytes() == before


def test_a_file_that_would_say_something_else_is_taken_back(own: Path, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="small letters"):
        write_overlay(opened("baseline"), tmp_path / "My Plan.yaml", "x")
    assert not (tmp_path / "My Plan.yaml").exists()
    capital = tmp_path / "Mine.yaml"
    own.rename(capital)
    with pytest.raises(ScenarioError, match="small letters"):
        write_overlay(opened(str(capital)), capital, "x")
    assert capital.read_text(encoding="utf-8") == OWN


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        write_overlay(opened("baseline"), tmp_path / "file" / "new.yaml", "x")


def test_the_text_can_be_shown_without_a_file(tmp_path: Path) -> None:
    question = with_edits(opened("baseline"), {("scope", "regions"): ["London"]})
    assert "- London" in overlay_text(question, tmp_path / "shown.yaml", "Shown.")
    assert list(tmp_path.iterdir()) == []
