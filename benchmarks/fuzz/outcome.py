"""What any input may come to: an exit code of ours, words of ours, and never a traceback."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO

from pilotage.errors import PilotageError, told

CODES = (0, 2, 3, 4)
LONGEST = 3_000  # of one line of a message
# Words of pydantic, of YAML readers, of pandas and of Python, none of which a planner knows: the one list of them.
LIBRARY_WORDS = re.compile(
    r"Traceback|pydantic|ruamel|pandas|numpy|Input should be|valid (?:integer|string|dictionary|array|tuple)|"
    r"(?:string|int|float|bool|date|dict|tuple|list|model)_(?:type|parsing|attributes)|union_tag|value_error|"
    r"Value error|Extra inputs|Field required|mapping values are not allowed|found character|could not find expected|"
    r"expected <|while (?:scanning|parsing)|block (?:mapping|sequence|end|collection)|flow (?:mapping|sequence|node)|"
    r"constrained-|literal\[|datetime|codec can't|KeyError|TypeError|ValueError|RecursionError|Errno|NoneType|"
    r"unhashable|invalid literal|dtype|\bint64|\bfloat64|\bisin\b|coerce|pandera|openpyxl|calamine|okenizing|"
    r"\bDataFrame\b|\bSeries\b|Timestamp|<NA>|\bNaT\b|\bnan\b"
)


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its exit code, and the lines that it said of what is wrong."""

    code: int
    said: tuple[str, ...] = ()


def outcome_of(task: Callable[[], object]) -> Outcome:
    """Return how a task ends that raises what the command line turns into words; any other error is passed on."""
    try:
        task()
    except PilotageError as error:
        return Outcome(error.exit_code, tuple(told(error.problems)))
    return Outcome(0)


def outcome_of_command(arguments: Sequence[str]) -> Outcome:
    """Return how a command of the command line ends, run in this process."""
    from pilotage import cli

    said, code = StringIO(), 0
    with redirect_stdout(StringIO()), redirect_stderr(said):
        try:
            cli.app(args=list(arguments), prog_name="pilotage", standalone_mode=True)
        except PilotageError as error:
            return Outcome(error.exit_code, tuple(told(error.problems)))
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Outcome(code, tuple(said.getvalue().splitlines()))


def library_words(text: str) -> list[str]:
    """Return the words of libraries in a message, outside of what it quotes from an input."""
    return LIBRARY_WORDS.findall(re.sub(r"'[^']*'|\"[^\"]*\"", "", text))


def written_in(content: bytes) -> str:
    """Return the texts in an input, of a text file or of the parts of a workbook, for ``faults``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.read(name) for name in archive.namelist()]
    except Exception:  # no archive, or a damaged one
        parts = [content]
    return "\n".join(part.decode("latin-1").replace("\0", "") for part in parts)


def faults(outcome: Outcome, given: str = "") -> list[str]:
    """Return what is wrong with an outcome; words that stand in the input itself may be shown again."""
    wrong = [] if outcome.code in CODES else [f"exit code {outcome.code}"]
    given = given.lower()
    if outcome.code and not outcome.said:
        wrong.append("nothing said")
    for line in outcome.said:
        words = [match.group() for match in LIBRARY_WORDS.finditer(line) if match.group().lower() not in given]
        wrong += [f"a library's words {words[0]!r}: {line[:300]}"] if words else []
        wrong += [f"a line of {len(line):,} letters: {line[:100]}"] if len(line) > LONGEST else []
        odd = [char for char in line if not char.isprintable()]
        wrong += [f"a control character {odd[0]!r}: {line[:100]!r}"] if odd else []
    return wrong
