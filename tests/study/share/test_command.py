"""`pilotage share`: the folder, what is printed, and what is refused before anything is written."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pilotage.case.read_back import read_run
from pilotage.case.run_folder import SCHEMA_VERSION
from pilotage.cli import app
from pilotage.errors import PilotageError

pytestmark = pytest.mark.usefixtures("gathered_once")


def _share(run: Path, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["share", str(run), "--quiet", *arguments])
    if isinstance(done.exception, PilotageError):
        return done.exception.exit_code, str(done.exception)
    assert done.exception is None, done.exception
    return done.exit_code, done.output


def _authority(run: Path) -> str:
    return str(read_run(run).placements.merge(read_run(run).ranked, on="urn")["authority"].iloc[0])


def test_a_pack_is_written_and_said(small_run: Path) -> None:
    name = _authority(small_run)
    code, said = _share(small_run, "--with", f"authority:{name.upper()}", "--signed-off-by", "A. Person, 1 May 2016")
    assert code == 0
    assert said.startswith("Synthetic England")
    assert "It names no leader." in said
    assert "Signed off by A. Person, 1 May 2016." in said
    (folder,) = Path("packs").iterdir()
    assert f"Written to {folder}/: open pack.html" in said
    assert sorted(path.name for path in folder.iterdir()) == [
        *("README.txt", "manifest.json", "pack.html", "schools", "schools.csv", "schools.xlsx")
    ]
    stated = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert stated["kind"] == "pack"
    assert stated["audience"] == {"kind": "authority", "name": name}
    assert {*stated["files"]} == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.suffix != ".json"
    }
    for path in (folder / "README.txt", folder / "pack.html", *(folder / "schools").iterdir()):
        assert "Signed off by A. Person, 1 May 2016." in path.read_text(encoding="utf-8")


def test_without_a_name_the_pack_is_a_draft_and_as_json_it_is_one_object(small_run: Path) -> None:
    code, said = _share(small_run, "--with", "trustees", "--out", "for-trustees", "--json")
    facts = json.loads(said)
    assert code == 0
    assert (facts["schema_version"], facts["folder"]) == (SCHEMA_VERSION, "for-trustees")
    assert facts["audience"] == {"kind": "trustees", "name": None}
    assert (facts["signed_off_by"], facts["leaders_named"], facts["leaders"]) == (None, False, [])
    assert "Not signed off: draft." in Path("for-trustees/README.txt").read_text(encoding="utf-8")


def test_a_pack_is_replaced_by_force_alone_and_never_a_folder_with_anything_else_in_it(small_run: Path) -> None:
    arguments = ("--with", f"authority:{_authority(small_run)}", "--out", "pack")
    assert _share(small_run, *arguments)[0] == 0
    assert _share(small_run, *arguments) == (
        2,
        "pack - already exists - a new folder - name another, or replace it by --force",
    )
    assert _share(small_run, *arguments, "--force")[0] == 0
    for strange, named in (("schools/mine.docx", "schools/mine.docx"), ("other/a.html", "other (a folder)")):
        Path("pack", strange).parent.mkdir(exist_ok=True)
        Path("pack", strange).write_text("mine", encoding="utf-8")
        code, said = _share(small_run, *arguments, "--force")
        assert code == 2
        assert f"holds what Pilotage did not write: {named}" in said
        Path("pack", strange).unlink()
    shutil.rmtree("pack/other")
    Path("pack/schools/Thumbs.db").write_text("", encoding="utf-8")
    assert _share(small_run, *arguments, "--force")[0] == 0


@pytest.mark.parametrize("out", ["runs/small/pack", "runs/small", "runs"])
def test_a_pack_does_not_lie_in_the_run_nor_around_it(small_run: Path, out: str) -> None:
    before = sorted(small_run.rglob("*"))
    code, said = _share(small_run, "--with", "trustees", "--out", out, "--force")
    assert code == 2
    assert "is given twice, or lies in the other" in said
    assert sorted(small_run.rglob("*")) == before


def test_a_body_that_no_school_has_is_refused_and_nothing_is_written(small_run: Path) -> None:
    code, said = _share(small_run, "--with", "trust:No Such Trust")
    assert code == 2
    assert said.startswith("--with - no trust is called 'No Such Trust'")
    assert not Path("packs").exists()
