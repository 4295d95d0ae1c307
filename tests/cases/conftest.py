"""Cases through the command line, in this process: a small synthetic England, tables and settings of each case."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from runpy import run_path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from pilotage import cli
from pilotage.sources.sample import build

library_words = run_path(str(Path(__file__).parents[2] / "benchmarks" / "fuzz" / "outcome.py"))["library_words"]

HEAD = {
    "level": "head",
    "phases": "primary;secondary;all_through",
    "easting": 458500,
    "northing": 306600,
    "max_travel_km": 700,
    "relocates": "no",
    "available_from": "2016-09-01",
}
POST = {"urn": 900004, "level": "head", "opens_on": "2016-09-01", "consent": "yes"}


@dataclass(frozen=True)
class Done:
    """How a command ended: its exit code, and what it said."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class England:
    """A folder of a synthetic England, the risks of its schools, and a folder for what a case writes."""

    folder: Path
    forecast: Path
    work: Path
    pilotage: Callable[..., Done]

    def place(
        self,
        leaders: list[dict[str, Any]],
        posts: list[dict[str, Any]],
        *settings: str,
        out: str = "out",
        options: tuple[str, ...] = (),
        scenario: str = "baseline",
    ) -> Done:
        """Plan for leaders L1, L2, ... and posts P1, P2, ... under a scenario with settings laid over it."""
        self.write("leaders", [HEAD | {"leader_id": f"L{number}"} | row for number, row in enumerate(leaders, 1)])
        self.write("posts", [POST | {"post_id": f"P{number}"} | row for number, row in enumerate(posts, 1)])
        given = (f"data.folder={self.folder.as_posix()}", *self._tables(), *settings)
        named = [part for setting in given for part in ("--set", setting)]
        where = ("--quiet", "--out", str(self.work / out))
        return self.pilotage("place", scenario, "--forecast", str(self.forecast), *where, *options, *named)

    def write(self, name: str, rows: list[dict[str, Any]]) -> Path:
        """Write a table of the case, and return its path."""
        path = self.work / f"{name}.csv"
        pd.DataFrame(rows).to_csv(path, index=False)
        return path

    def placements(self, out: str = "out") -> list[tuple[str, str]]:
        """Return who was placed where, sorted."""
        table = pd.read_csv(self.work / out / "placements.csv")
        return sorted(zip(table["leader_id"], table["post_id"], strict=True))

    def _tables(self) -> tuple[str, str]:
        return tuple(f"pool.{name}={(self.work / f'{name}.csv').as_posix()}" for name in ("leaders", "posts"))


@pytest.fixture(scope="session")
def england(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return the folder of a synthetic England of 300 schools, and a forecast in which all its schools are alike."""
    folder = tmp_path_factory.mktemp("england") / "sample"
    build.write(folder, schools=300, leaders=16, seed=7)
    forecast = folder.parent / "forecast.csv"
    urns = pd.read_csv(folder / "schools.csv")["urn"]
    pd.DataFrame({"urn": urns, "p_fall_if_inspected": 0.3, "need": 0.3}).to_csv(forecast, index=False)
    return folder, forecast


@pytest.fixture
def pilotage(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Return what runs a command as the installed one does; no error of it may have a library's words."""

    def called(*arguments: str) -> Done:
        monkeypatch.setattr("sys.argv", ["pilotage", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert not library_words(said.err), said.err
        return Done(int(ended.value.code or 0), said.out, said.err)

    return called


@pytest.fixture
def case(england: tuple[Path, Path], pilotage: Callable[..., Done], tmp_path: Path) -> England:
    """Return the small England, ready for a case."""
    return England(*england, tmp_path, pilotage)


@pytest.fixture(scope="session")
def official() -> ModuleType:
    """Return the maker of small official files beside this file."""
    spec = spec_from_file_location("official_cases", Path(__file__).with_name("official.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
