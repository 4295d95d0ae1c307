"""How well forecasts like those of a run did, in sentences and as JSON; a figure is never left out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from pilotage.case.record import RunRecord
from pilotage.domain.findings.accuracy import Difference, OutcomeAccuracy
from pilotage.domain.outcomes import OUTCOMES, title_of

Json = dict[str, Any]
TITLE = "How well such forecasts did"
OWN_FILE = (
    "This forecast comes from a file of your own. Pilotage has not tested it, and does not know how often such a "
    "forecast was right."
)
UNTESTED = "Not tested: Pilotage has no back-test of this forecast."
GAP_TESTED = (
    "That is the chance that the gap widens; the chance that it is wide, which counts in need unless the scenario says "
    "otherwise, is not tested."
)
ELSEWHERE = {
    Difference.SCALE: "on another scale of Ofsted's judgements",
    Difference.GRADE: "on another grade than the one that counts here as leadership",
}
PHASES = {"all_through": "all-through", "pru": "pupil referral unit", "sixteen_plus": "sixteen plus"}


def accuracy_words(record: RunRecord) -> list[tuple[str, str]]:
    """Return the title of each outcome that was forecast, and how well such forecasts did."""
    if record.accuracy.own_file:
        return [(TITLE, OWN_FILE)]
    tested = {found.outcome: found for found in record.accuracy.tested}
    names = [name for name, state in record.forecast.outcomes.items() if state.available]
    return [(title_of(name), _words(tested[name]) if name in tested else UNTESTED) for name in names]


def accuracy_line(record: RunRecord) -> str:
    """Return the first of the sentences as one line of the terminal."""
    sentences = [text for _, text in accuracy_words(record)]
    return f"{TITLE}: {sentences[0][0].lower()}{sentences[0][1:]}" if sentences else f"{TITLE}: nothing is forecast."


def accuracy_facts(record: RunRecord) -> Json:
    """Return the figures of ``plan.json``: from which back-test, in what it differs from the run, and the sentence."""
    outcomes = [_facts(found) for found in record.accuracy.tested]
    own_file = record.accuracy.own_file
    return {"forecast_of": "own_file" if own_file else "pilotage", "outcomes": outcomes} | (
        {"sentence": OWN_FILE} if own_file else {}
    )


def _facts(found: OutcomeAccuracy) -> Json:
    days = {"first_day": found.first_day.isoformat(), "last_day": found.last_day.isoformat()}
    return (
        asdict(found)
        | days
        | {
            "phases": list(found.phases),
            "differs": [difference.value for difference in found.differs],
            "sentence": _words(found),
        }
    )


def _words(found: OutcomeAccuracy) -> str:
    parts = [_sentence(found), _differences(found), GAP_TESTED if OUTCOMES[found.outcome].kind == "gap" else ""]
    return " ".join(part for part in parts if part)


def _sentence(found: OutcomeAccuracy) -> str:
    """Return in one sentence how often it happened in the top tenth, over all, and outside the top tenth."""
    outcome = OUTCOMES[found.outcome]
    happened = outcome.happened
    inspected = "inspected " if outcome.kind == "leadership" else ""
    return (
        f"Of the tenth of {inspected}schools ranked riskiest {_about(found.happened_in_top_tenth.value)} in 100 "
        f"{happened}, of all {found.count:,} tested {_in_100(found.happened.value)} in 100; of every 100 that "
        f"{happened}, {_in_100(1 - found.found_in_top_tenth.value)} were elsewhere (measured on {_whose(found)})."
    )


def _whose(found: OutcomeAccuracy) -> str:
    schools = "the invented schools of the sample" if found.synthetic else "England's schools"
    first, last = _day(found.first_day), _day(found.last_day)
    days = f"as of {first}" if first == last else f"as of {first} to {last}"
    return f"{schools} {days}, scenario {found.scenario}"


def _differences(found: OutcomeAccuracy) -> str:
    """Return in what the schools tested differ in kind from those here; empty where they do not."""
    named = dict(ELSEWHERE)
    named[Difference.SCHOOLS] = "on invented schools, not on real ones" if found.synthetic else "on real schools"
    phases = ", ".join(PHASES.get(phase, phase) for phase in found.phases)
    named[Difference.PHASES] = f"on schools of these phases alone: {phases}"
    text = "; ".join(named[difference] for difference in found.differs)
    return f"It was measured elsewhere: {text}." if text else ""


def _about(share: float) -> str:
    number = _in_100(share)
    return f"about {number}" if number.isdigit() else number


def _in_100(share: float) -> str:
    """Return a share as a whole number of 100; ``under 1`` and ``over 99`` where it is neither none nor all."""
    if 0 < share < 0.01:
        return "under 1"
    return "over 99" if 0.99 < share < 1 else f"{100 * share:.0f}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
