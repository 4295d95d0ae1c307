"""Every scenario and every cheap command of README and docs runs, and every option is in the command reference."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from pilotage import assets, cli, pipeline
from pilotage.case.record import RunRecord
from pilotage.config.overlay import resolve

ROOT = Path(__file__).resolve().parent.parent.parent
FOLLOWED_ELSEWHERE = {
    ROOT / "docs" / "contributing",  # pages whose examples are of a rule that is yet to be written
    ROOT / "docs" / "guide",  # test_guide.py follows them block by block
}
PAGES = [
    ROOT / "README.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if FOLLOWED_ELSEWHERE.isdisjoint(page.parents)),
]
REAL = ("england-2014", "england-2019-secondary", "england-2025", "england-2026")
PART = {"england-2025", "england-2026"}  # whose list may be of a part of England, which no shipped scenario accepts
NOT_RUN = {
    "data forget LEADER": "tests/cli/test_forget.py, with leaders to forget",
    "run baseline | head": "tests/cases/test_terminals.py, since it needs a shell",
    "explain RUN": "tests/docs/test_why_and_why_not.py, which makes the run first",
    "evaluate SCENARIO": "minutes; tests/risk and tests/statistical evaluate",
    "evaluate SCENARIO --cards": "the same, and it writes into models/",
    "firmness RUN": "tests/docs/test_how_firm.py, which makes the run first",
    "compare RUN_A RUN_B": "test_compare_runs.py, with two runs",
    "prices RUN": "tests/docs/test_prices.py, which makes the run first",
    "verify RUN": "the same",
    "data fetch --source ofsted_report_cards": "needs the network; tests/sources/test_fetch.py has a server of its own",
    "share RUN --with READER": "tests/docs/test_sharing.py, which makes the run first",
    **dict.fromkeys(
        ("share RUN --with trust:NAME", "share RUN --with authority:NAME", "share RUN --with trustees"), "the same"
    ),
    "data forget LEADER --runs packs": "tests/study/share/test_packs.py, with a pack that names a leader",
    "explain RUN --leader LEADER": "tests/docs/test_why_and_why_not.py, which makes the run first",
    "serve my-area.yaml --port 8600": "waits until Ctrl-C; tests/browser/test_workbench.py opens it",
    "serve plan.xlsx": "the same, with a workbook",
    "run ask-next --decisions decisions.xlsx": "tests/report/workbook/test_round_trip.py, which types answers first",
    "sweep SCENARIO --grid FILE": "test_many_scenarios.py, with a grid file",
    "run england-2025": "needs the real files",
    "run plan.xlsx": "test_setup_workbook.py, with a workbook",
    "run FILE.xlsx": "the same",
    "sample --setup FILE.xlsx": "the same",
    "sample --setup plan.xlsx": "the same",
    "run SCENARIO": "the configs below",
    "run my-area.yaml": "the blocks below",
}
STANDS_FOR = {"SCENARIO": "baseline", "FILE": "forecast/forecast.csv", "FOLDER": "raw", "DIR": "written"}
OUT = ("run", "place", "forecast", "areas")  # commands that would write into the working folder


def _blocks() -> list[tuple[str, str, str]]:
    """Return the scenarios that pages show: page, name of the file, text."""
    found = []
    for page in PAGES:
        blocks = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.S)
        whole = [block for block in blocks if re.search(r"^extends:", block, flags=re.M)]
        found += [(page.name, f"{_value(block, 'name')}.yaml", block) for block in whole]
    return found


def _value(block: str, key: str) -> str:
    (found,) = re.findall(rf"^{key}: (\S+)", block, flags=re.M)
    return str(found)


def _commands() -> list[str]:
    """Return the commands that pages give as something to type, without what is optional, each once."""
    texts = [re.findall(r"`pilotage ([^`]+)`", page.read_text(encoding="utf-8")) for page in PAGES]
    bare = {re.sub(r"\s*\[[^\]]*\](\.\.\.)?", "", text).strip() for some in texts for text in some}
    return sorted(bare - {name for name in _names() if name not in ("schema", "evidence", "data status")})


def _names() -> dict[str, Any]:
    """Return every command by its name, those of ``data`` with the word before."""
    found: dict[str, Any] = {}
    for name, command in get_command(cli.app).commands.items():
        inner = getattr(command, "commands", {})
        found |= {f"{name} {sub}": one for sub, one in inner.items()} if inner else {name: command}
    return found


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.app, list(arguments))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what the commands are given: the README's scenario, a forecast and a folder of files."""
    folder = tmp_path_factory.mktemp("desk")
    for _, name, text in _blocks():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("raw", "data/raw"):
        (folder / name).mkdir(parents=True)
    made = _run("forecast", "baseline", "--quiet", "--out", str(folder / "forecast"))
    assert made.exit_code == 0, made.exception
    return folder


def test_the_pages_hold_scenarios_and_commands() -> None:
    assert set(NOT_RUN) <= set(_commands())
    names = [name for _, name, _ in _blocks()]
    of_rounds = ["april-2.yaml", "april.yaml"]  # test_ask_answer_replan.py follows their page
    kept = ["ask-heads.yaml", "local-case.yaml", "my-area.yaml", "places.yaml"]
    cannot_hold = ["too-much.yaml"]  # test_when_rules_cannot_hold.py follows its page
    assert sorted(names) == [*of_rounds, *kept, *cannot_hold]
    assert len(_commands()) >= 12


@pytest.mark.parametrize("command", [one for one in _commands() if one not in NOT_RUN])
def test_a_documented_command_runs(command: str, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    monkeypatch.delenv("PILOTAGE_REAL_DATA", raising=False)
    words = [STANDS_FOR.get(word, word) for word in command.split()]
    place = f"written-{re.sub(r'[^a-z]+', '-', command.lower())}"
    out = ["--quiet", "--out", place] if words[0] in OUT else []
    done = _run(*(f"{place}-too" if word == "written" else word for word in words), *out)
    assert done.exit_code == 0, (done.output, done.exception)


def test_the_example_of_the_readme_does_what_it_says(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    record = pipeline.run(resolve("my-area.yaml"))
    _clean(record)
    authority = record.panel.schools.set_index("urn")["area"]
    served = authority.reindex(record.problem.urns[record.problem.post[record.plan.chosen]])
    assert (served == "Blackpool").sum() == 10
    cost = record.impact.pairs["cost_gbp"].to_numpy()[record.plan.chosen].sum()
    assert 700_000 < cost <= 800_000


def test_the_local_case_of_the_page_on_rules_is_let_in(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    record = pipeline.run(resolve("local-case.yaml"))
    _clean(record)
    (case,) = record.scenario.rules["local-cases"].put_forward().values()
    urns = record.problem.urns
    assert (urns[record.problem.post] == case).any()
    low = record.impact.ineligible[record.impact.ineligible["reason"] == "need_low"]
    assert len(low) > 0
    assert case not in urns[low["post_index"].to_numpy()]


def test_the_named_places_of_the_page_on_rules_are_served(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    record = pipeline.run(resolve("places.yaml"))
    _clean(record)
    schools = record.panel.schools.set_index("urn")
    served = schools.reindex(record.problem.urns[record.problem.post[record.plan.chosen]])
    by_area = served["area"].value_counts()
    breach = {state.part[0]: state.breach for state in record.rule_states if state.key == "every-area"}
    assert len(breach) == 6
    assert all(by_area.get(area, 0) + missed >= 2 for area, missed in breach.items())
    assert ((served["region"] == "London") | (served["authority"] == "Blackpool")).sum() >= 3
    (left_out,) = record.scenario.scope.exclude_trusts
    assert left_out in set(schools["trust"])
    assert left_out not in set(schools["trust"].reindex(record.urns).dropna())


def test_the_scenario_of_the_page_on_prospects_asks_schools(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk)
    record = pipeline.run(resolve("ask-heads.yaml"))
    _clean(record)
    asks = record.impact.asks(record.plan.chosen)
    assert asks.any()
    assert not asks.all()
    schools = record.problem.urns[record.problem.post]
    assert len(set(schools[record.impact.asks()])) > len(set(schools[~record.impact.asks()]))


def _clean(record: RunRecord) -> None:
    assert record.plan.status.value == "optimal"
    assert record.clean, record.failed_checks
    assert len(record.plan.chosen)


def _config(name: str) -> Any:
    real = not os.environ.get("PILOTAGE_REAL_DATA")
    marks = [pytest.mark.realdata, pytest.mark.skipif(real, reason="PILOTAGE_REAL_DATA is not set")]
    return pytest.param(name, marks=marks if name in REAL else [pytest.mark.slow])


@pytest.mark.parametrize("name", [_config(path.stem) for path in sorted(assets.configs().glob("*.yaml"))])
def test_every_shipped_scenario_runs(name: str) -> None:
    """The quick tests run those on the sample too, with much more asked of them: tests/scenarios/test_golden."""
    _clean(pipeline.run(resolve(name, ["data.partial=accept"] if name in PART else [])))


def test_every_option_is_in_the_command_reference() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    for name, command in _names().items():
        section = page.split(f"## `pilotage {name}`\n")[1].split("\n## ")[0]
        told = set(re.findall(r"--[a-z-]+", section))
        options = {text for one in command.params for text in one.opts if text.startswith("--")}
        assert options - {"--help"} <= told, name
