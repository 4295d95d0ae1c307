"""A setup workbook read: its answers as keys of a scenario, each with the cell that gives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from pilotage.config.leaf import Key, Leaf, Leaves, laid_over
from pilotage.config.overlay import Resolved, resolved, set_leaves
from pilotage.config.settings import with_settings
from pilotage.errors import DataError, Problem, ScenarioError, Spot, raise_all
from pilotage.sources.cells.grid import sheet_words, shown
from pilotage.sources.cells.numbers import UnreadError
from pilotage.sources.files.tables import numbered, read_text_table, where_of
from pilotage.sources.setup.questions import Question, questions

SUFFIXES = (".xlsx", ".xlsm")
OTHER_WORKBOOKS = (".xls", ".xlsb", ".ods")
QUESTION, LEADERS, POSTS, ANSWERS = "Question", "Leaders", "Posts", "Answers"
QUESTION_SHEETS = (QUESTION, f"{QUESTION}s")  # what the sheet may be called
ABOUT, ASKED, ANSWER, PLACE, MEANS, ALLOWED, SETTING = COLUMNS = (
    *("About", "Question", "Your answer", "In which place", "What it means", "How to write it", "Setting"),
)
TABLES = {("pool", "leaders"): LEADERS, ("pool", "posts"): POSTS, ("pool", "asks"): ANSWERS}
EXTENDS, NAME, WHY = ("extends",), ("name",), ("why",)
MAKE_ONE = "`pilotage sample --setup FILE.xlsx` makes one"


@dataclass(frozen=True)
class Given:
    """An answer as it is written in a cell, and the row that it stands in."""

    question: Question
    text: str
    place: str | None
    table: str
    row: int
    origin: str

    def leaf(self, value: object, column: str = ANSWER) -> Leaf:
        """Return a value with the cell that gives it."""
        origin = f"{self.origin}, row {self.row} ({self.question.question})"
        return Leaf(value, origin, at=Spot(self.table, self.row, column))

    def problem(self, what: str, allowed: str, do: str, column: str = ANSWER) -> Problem:
        """Return a problem of one of the row's cells."""
        at = Spot(self.table, self.row, column)
        return Problem(f"{at.words}: {self.question.question}", what, allowed, do, at=at)


@dataclass(frozen=True)
class SetUp:
    """A setup workbook: the scenario that it starts from, and the keys that it sets."""

    path: Path
    extends: str
    base: Leaves
    own: Leaves

    @property
    def leaves(self) -> Leaves:
        """Return the keys of the scenario that it stands for."""
        return laid_over(self.base, self.own)

    @property
    def changes(self) -> Leaves:
        """Return the keys that differ from the scenario that it starts from."""
        return {
            key: leaf for key, leaf in self.own.items() if key not in self.base or self.base[key].value != leaf.value
        }


def is_workbook(name: str) -> bool:
    """Return whether the name of a scenario is that of a workbook."""
    return Path(name).suffix.casefold() in (*SUFFIXES, *OTHER_WORKBOOKS)


def leaves_of(name: str, settings: Sequence[str] = ()) -> tuple[Path, Leaves]:
    """Return the file of a scenario or setup workbook, and its leaves with settings laid over them, as ``set_leaves``.

    Raises
    ------
    ScenarioError
        With every problem of the files and of the settings.
    DataError
        When a workbook is not there, or cannot be read.
    """
    if not is_workbook(name):
        return set_leaves(name, settings)
    setup = set_up(Path(name))
    return setup.path, with_settings(setup.leaves, settings)


def scenario_of(name: str, settings: Sequence[str] = ()) -> Resolved:
    """Return the scenario of a path, a name or a setup workbook, with settings laid over it; see ``leaves_of``."""
    return resolved(*leaves_of(name, settings))


def set_up(path: Path) -> SetUp:
    """Return what a setup workbook says.

    Raises
    ------
    ScenarioError
        With every answer that cannot be read.
    DataError
        When there is no such workbook, it cannot be read, or has no sheet Question.
    """
    _expect_excel(path)
    given, problems = _given(path)
    extends, base = _base(path, given, problems)
    own: Leaves = {}
    for each in given.values():
        own |= _leaves(each, base, problems)
    own.setdefault(WHY, Leaf(f"As the setup workbook {path.name} asks.", path.name))
    raise_all(ScenarioError, problems)
    return SetUp(path, extends, base, own | _tables(path, base))


def _expect_excel(path: Path) -> None:
    if not path.is_file():
        raise DataError(Problem(str(path), "no such file", "a setup workbook", f"check its name; {MAKE_ONE}"))
    if path.suffix.casefold() not in SUFFIXES:
        do = "open it, and save it as an Excel workbook (.xlsx)"
        raise DataError(Problem(str(path), "is a workbook of another kind", "an Excel workbook (.xlsx)", do))


def _given(path: Path) -> tuple[dict[Key, Given], list[Problem]]:
    """Return the answers that are not blank by their key, and all that is wrong with the form of the sheet."""
    frame = read_text_table(path, QUESTION_SHEETS, COLUMNS)
    where = where_of(frame, path)
    lacking = [name for name in (ANSWER, SETTING) if name not in frame]
    do = f"put it back, as a new setup workbook has it: {MAKE_ONE}"
    allowed = f"the columns {', '.join(COLUMNS)}"
    raise_all(DataError, (Problem(where, f"no column {name!r}", allowed, do, at=Spot(where)) for name in lacking))
    known, given, problems = {each.key: each for each in questions()}, dict[Key, Given](), list[Problem]()
    for row, text in numbered(frame, ANSWER):
        setting = frame[SETTING].loc[row]
        place = frame[PLACE].loc[row] if PLACE in frame else None
        if text is None and place is None and setting != ".".join(NAME):
            continue
        question = None if setting is None else known.get(setting)
        if question is None:
            problems.append(_unknown(setting, list(known), Spot(where, row + 2, SETTING)))
        elif question.path in given:
            at = Spot(where, row + 2, SETTING)
            what = f"{question.question!r} is answered a second time (first in row {given[question.path].row})"
            problems.append(Problem(at.words, what, "one row for each question", "remove one", at=at))
        else:
            given[question.path] = Given(question, text or "", place, where, row + 2, sheet_words(path.name, QUESTION))
    if NAME not in given:
        what = f"the question {NAME[0]!r} is not there"
        problems.append(Problem(where, what, "a short name for the results", do, at=Spot(where)))
    return given, problems


def _unknown(setting: str | None, known: list[str], at: Spot) -> Problem:
    allowed = "the setting that a new setup workbook has in this row"
    near = get_close_matches(setting or "", known, 1)
    do = f"did you mean {near[0]!r}?" if near else "remove the answer, or copy the row from a new setup workbook"
    what = f"{SETTING} is blank, and the row has an answer" if setting is None else f"{SETTING} = {shown(setting)}"
    return Problem(at.words, what, allowed, do, at=at)


def _base(path: Path, given: dict[Key, Given], problems: list[Problem]) -> tuple[str, Leaves]:
    """Return the name of the scenario that the workbook starts from, and its keys."""
    answer = given.pop(EXTENDS, None)
    name = answer.text if answer is not None else "baseline"
    beside = path.parent / name
    try:
        return name, set_leaves(str(beside) if beside.is_file() else name)[1]
    except ScenarioError as error:
        at = None if answer is None else Spot(answer.table, answer.row, ANSWER)
        problems += [replace(problem, at=at) for problem in error.problems]
        return name, {}


def _leaves(given: Given, base: Leaves, problems: list[Problem]) -> Leaves:
    """Return the keys that an answer sets; what is wrong with it is added to the problems."""
    question = given.question
    wrong = list(_incomplete(given))
    if wrong:
        problems += wrong
        return {}
    if question.removes(given.text):
        gone = tuple((question.none or "").split("."))
        there = any(key[: len(gone)] == gone for key in base)
        return {gone: given.leaf(None)} if there else {}
    try:
        value = question.value(given.text)
    except ValueError as error:
        do = error.hint if isinstance(error, UnreadError) else None
        problems.append(given.problem(f"found {shown(given.text)}", question.allowed, do or "please correct this cell"))
        return {}
    above = question.path[:-1]
    leaves = {question.path: given.leaf(value)}
    leaves |= {(*above, name): given.leaf(beside) for name, beside in question.beside.items()}
    if question.place is not None and given.place is not None:
        places = [name.strip() for name in given.place.split(";") if name.strip()]
        leaves[tuple(question.place.split("."))] = given.leaf(places, PLACE)
    return leaves


def _incomplete(given: Given) -> Iterator[Problem]:
    """Yield that an answer lacks its place, a place its answer, or that the name is blank."""
    question = given.question
    if question.place is None and given.place is not None:
        what = f"{PLACE} = {shown(given.place)}, and this question is not about a place"
        yield given.problem(what, "a blank cell", "empty the cell", PLACE)
    if not given.text:
        what = "blank" if given.place is None or question.place is None else f"blank, and {PLACE} is filled in"
        if question.path == NAME or question.place is not None:
            yield given.problem(what, question.allowed, "please fill in this cell")
    elif question.place is not None and given.place is None and not question.removes(given.text):
        what = f"{PLACE} is blank, and the answer is {shown(given.text)}"
        yield given.problem(what, "the place that it is about", "please fill in this cell", PLACE)


def _tables(path: Path, base: Leaves) -> Leaves:
    """Return the keys that name the workbook's own tables; answers are read beside those of the base."""
    leaves: Leaves = {("pool", "source"): Leaf("files", path.name)}
    for key, sheet in TABLES.items():
        leaves[key] = Leaf(str(path), sheet_words(path.name, sheet), at=Spot(sheet_words(path, sheet)))
    before = base[("pool", "asks")].value if ("pool", "asks") in base else None
    if before:
        every = [*(before if isinstance(before, list) else [before]), str(path)]
        leaves[("pool", "asks")] = replace(leaves[("pool", "asks")], value=every)
    return leaves
