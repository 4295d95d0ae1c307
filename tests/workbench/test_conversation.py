"""The whole conversation in one window: change, plan, explain, ban, compare, answer, plan again, save."""

import io
import zipfile
from pathlib import Path

from pilotage.config.overlay import resolve
from pilotage.study.session.answered import to_answer
from pilotage.study.verify import refuse_failed, verify
from tests.workbench.conftest import Window


def test_a_meeting(window: Window, desk: Path) -> None:
    window.step("Question")
    assert "151 schools in scope" in window.texts
    window.set("number_input", "Weight: The gap", 2.0)
    assert "Weight in need, the gap of disadvantaged pupils: 2 (before: 1)" in window.texts
    window.plan()
    assert window.header == "Answer"
    assert "Proven best" in window.texts
    assert "checks made without the solver, all hold" in window.texts

    urn = _placed(window)[0]
    window.set("selectbox", "School", urn)
    window.click("Explain this school")
    assert "It is in the plan. Without it the best plan is worth" in window.texts
    window.set("text_input", "Why", "Its governors have their own candidate.")
    window.set("text_input", "Who asks for it", "Ann")
    window.click("Send nobody here")
    window.wait()
    assert window.header == "Answer"
    assert "Against Plan 1" in window.texts
    assert "fewer pupil-months." in window.texts
    assert urn not in _placed(window)

    window.step("Compare")
    window.click("Compare")
    assert "First run: Plan 1: north" in window.texts
    settings = [" ".join(row).replace("\\", "") for row in window.test.table[1].value.to_numpy().tolist()]
    assert any("Ban of every leader from" in row and f"bans.nobody-{urn}" in row for row in settings)
    assert all(" alone " in row for row in settings)

    window.step("Answers")
    _type_answers(window)
    window.click("Plan again with these answers")
    window.wait()
    assert any("agreed" in path.read_text(encoding="utf-8") for path in (desk / "tables").iterdir())
    assert len(window.bench.plans) == 3
    assert "The same leaders take the same posts." in window.texts

    window.step("Export")
    window.click("Save the run folder")
    window.wait()
    assert window.header == "Export"
    labels = window.downloads
    assert labels == ["Download the page", "Download the workbook", "Download the whole folder (zip)"]
    folder = window.test.session_state["saved"][3]
    assert (folder / "report.html").is_file()
    refuse_failed(folder, verify(folder, lambda _message: None))

    _share(window)
    window.set("text_input", "File to write", " ")
    window.click("Save the scenario file")
    assert "its name or its sentence is blank" in window.errors
    window.set("text_input", "File to write", "north.yaml")
    window.click("Save the scenario file")
    text = (desk / "north.yaml").read_text(encoding="utf-8")
    assert text.startswith("# Agreed in May.\n")
    scenario = resolve("north.yaml").scenario
    assert scenario.outcomes["gap_widening"].weight == 2.0
    assert f"nobody-{urn}" in scenario.bans


def _type_answers(window: Window) -> None:
    """Drop in a table that cannot be used, then one that answers the first placement and names another school."""
    row = to_answer(window.bench.latest).iloc[0]
    free = next(urn for urn in window.bench.latest.case.urns.tolist() if urn not in _placed(window))
    _drop_in(window, "leader_id,post_id,decision\nnobody,nowhere,agreed\n")
    assert "nobody" in window.errors
    assert next(each for each in window.test.button if each.label.startswith("Plan again")).disabled
    agreed = f"{row['leader_id']},{row['post_id']},{row['urn']},{row['level']},agreed,\n"
    _drop_in(window, f"leader_id,post_id,urn,level,decision,reason\n{agreed},,{free},head,noted,later\n")
    assert window.errors == ""
    assert "It has 1 more" in window.texts


def _drop_in(window: Window, text: str) -> None:
    window.test.get("file_uploader")[0].set_value(("answers.csv", text.encode(), "text/csv")).run()


def _share(window: Window) -> None:
    """Make the trustees' pack and a governors' sheet; another wish takes the old download away."""
    window.set("text_input", "Signed off by", "Ann Example")
    window.set("selectbox", "Whom the pack is for", "trustees")
    window.click("Make the pack")
    window.click("Make the sheet")
    assert window.downloads[3:] == [
        "Download the pack (zip)",
        "Download the governors' sheet",
    ]
    content, sheet = window.test.session_state["pack"][3], window.test.session_state["sheet"][3]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {"trustees/pack.html", "trustees/manifest.json"} <= set(archive.namelist())
    assert "Ann Example" in sheet
    window.set("selectbox", "Whom the pack is for", "authority")
    window.set("text_input", "Signed off by", "")
    assert len(window.downloads) == 3


def _placed(window: Window) -> list[int]:
    """Return the schools of the newest plan."""
    record = window.bench.latest.record
    return [int(urn) for urn in record.problem.urns[record.problem.post[record.plan.chosen]]]
