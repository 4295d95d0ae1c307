"""The pages that go with a release say what is true of it."""

import re
import tomllib
from pathlib import Path

import itables
import pytest

import pilotage

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HOLDER = re.compile(
    r"(?:Copyright|©|\(c\))(?: \(c\)| ©)?(?: for(?: portions of)? Lucide are held by)? ?(?:[\d-]+ )?([A-Z]\w+ ?\w+)"
)


def _bundled() -> str:
    """Return what the scripts that itables brings say of their licences."""
    text = (Path(itables.__file__).parent / "html" / "dt_bundle.js").read_text(encoding="utf-8")
    return text.split("Bundled license information:")[1]


def test_notice_names_every_script_and_every_holder_of_its_rights() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    scripts = {path.split("/")[0] for path in re.findall(r"^([a-z][\w.-]+/[\w./-]+js):", _bundled(), flags=re.M)}
    families = {re.sub(r"^(datatables\.net).*", r"\1", script) for script in scripts}
    holders = set(HOLDER.findall(_bundled()))
    assert families >= {"datatables.net", "jquery", "jszip"}
    assert holders >= {"SpryMedia Ltd", "OpenJS Foundation", "Stuart Knightley", "Eli Grey", "Lucide Contributors"}
    assert {name for name in families | holders if name not in notice} == set()


@pytest.mark.parametrize("name", PROJECT["project"]["license-files"])
def test_a_licence_goes_into_wheel_and_sdist(name: str) -> None:
    assert (ROOT / name).stat().st_size > 500
    assert name in PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]


def test_what_the_sdist_names_is_there() -> None:
    for name in PROJECT["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]:
        assert (ROOT / name).exists(), name


def test_security_speaks_of_this_version() -> None:
    minor = ".".join(pilotage.__version__.split(".")[:2])
    assert f"today {minor}." in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
