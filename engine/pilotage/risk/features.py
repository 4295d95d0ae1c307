"""The features of the leadership forecasts: how each is measured on what a row knew, and how it reads as a reason.

Features with one *theme* are told together: their contributions are summed and their words joined, the first by
``words``, the others by ``follows`` (which brings its own separator).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pilotage.risk.view import View

Words = Callable[..., str]
RENAMED_ON = pd.Timestamp(2012, 9, 1)  # grade 3: Satisfactory before, Requires improvement since
GRADE_WORDS = {1: "Outstanding", 2: "Good", 3: "Requires improvement", 4: "Inadequate"}
PHASE_WORDS = {"all_through": "all-through school", "pru": "pupil referral unit", "sixteen_plus": "sixteen-plus"}


@dataclass(frozen=True)
class Feature:
    """One measured quantity.

    ``measure`` takes a :class:`View` and returns a column; ``words`` takes a value and the date of the last inspection.
    """

    name: str
    theme: str
    kind: Literal["number", "category"]
    measure: Callable[[View], pd.Series]
    words: Words
    follows: Words | None = None


def grade_word(grade: float, judged_on: pd.Timestamp) -> str:
    """Return what a grade was called on the day of its inspection."""
    return "Satisfactory" if grade == 3 and judged_on < RENAMED_ON else GRADE_WORDS[int(grade)]


def _judged(noun: str) -> Words:
    return lambda value, judged_on: f"{noun} judged {grade_word(value, judged_on)}"


def _share(noun: str) -> Words:
    return lambda value, _: f"{noun} {100 * value:.1f}%"


def _moved(value: float) -> str:
    direction = "up" if value > 0 else "down"
    return f"{direction} {abs(100 * value):.1f} points in two years" if round(abs(value), 3) else "level over two years"


def _plain(template: str) -> Words:
    return lambda value, _: template.format(value)


def _months_ago(value: float, _: pd.Timestamp) -> str:
    return f" {value:.0f} months ago"


def _compared(value: float, _: pd.Timestamp) -> str:
    steps = {1: "a grade", 2: "two grades", 3: "three grades"}.get(abs(int(value)), "")
    side = "better" if value < 0 else "worse"
    return f"leadership {steps} {side} than the school overall" if steps else "leadership and overall grade alike"


def _before(value: float, _: pd.Timestamp) -> str:
    return f"leadership {'below good' if value == 3 else GRADE_WORDS[int(value)]} at the inspection before"


def _trend(value: float, _: pd.Timestamp) -> str:
    return f"leadership {'better' if value < 0 else 'worse' if value > 0 else 'no different'} than the time before"


def _progress(noun: str) -> Words:
    return lambda value, _: (
        f"{noun} {abs(value):.2f} SD {'above' if value > 0 else 'below'} the national mean over three years"
    )


def _phase(value: str, _: pd.Timestamp) -> str:
    return PHASE_WORDS.get(value, f"{value} school")


def _sponsored(value: float, _: pd.Timestamp) -> str:
    return "sponsor-led academy" if value else "not a sponsor-led academy"


def _last(column: str) -> Callable[[View], pd.Series]:
    return lambda view: view.last[column].astype(float)


def _number(name: str, theme: str, measure: Callable[[View], pd.Series], words: Words) -> Feature:
    return Feature(name, theme, "number", measure, words)


def _level(column: str, noun: str) -> Feature:
    theme = noun
    return _number(column, theme, lambda view: view.latest(column), _share(noun))


def _change(column: str, noun: str) -> Feature:
    name = column.replace("_share", "_change")
    words, follows = (lambda value, _: f"{noun} {_moved(value)}"), (lambda value, _: f", {_moved(value)}")
    return Feature(name, noun, "number", lambda view: view.change(column), words, follows)


def _judgement(name: str) -> Feature:
    noun = "the school overall" if name == "overall" else name
    return _number(f"{name}_grade", f"{name} grade", _last(f"{name}_grade"), _judged(noun))


def _pupils(view: View) -> pd.Series:
    return view.latest("pupils").fillna(view.school("pupils"))


def _minus_overall(view: View) -> pd.Series:
    return _last("leadership_grade")(view) - _last("overall_grade")(view)


def _trend_of(view: View) -> pd.Series:
    return _last("leadership_grade")(view) - view.before["leadership_grade"].astype(float)


def _count(view: View) -> pd.Series:
    return view.history.groupby("row").size().reindex(view.rows.index).fillna(0).astype(float)


SHARES = {
    "fsm_share": "free school meals",
    "fsm6_share": "free school meals in six years",
    "eal_share": "English as an additional language",
    "sen_share": "special educational needs",
    "absence_share": "absence",
    "persistent_absence_share": "persistent absence",
}

_ALL = (
    _number("leadership_grade", "leadership grade", _last("leadership_grade"), _judged("leadership")),
    Feature(
        "months_since_inspection",
        "leadership grade",
        "number",
        lambda view: view.months_since_inspection,
        _plain("leadership last judged {:.0f} months ago"),
        _months_ago,
    ),
    *(_judgement(name) for name in ("overall", "teaching", "behaviour", "achievement")),
    _number("leadership_minus_overall", "leadership against overall", _minus_overall, _compared),
    _number("grade_before", "grade before", lambda view: view.before["leadership_grade"].astype(float), _before),
    _number("leadership_trend", "leadership trend", _trend_of, _trend),
    _number("inspections_known", "inspections known", _count, _plain("{:.0f} inspections on record")),
    Feature("phase", "phase", "category", lambda view: view.school("phase"), _phase),
    Feature(
        "school_type",
        "school type",
        "category",
        lambda view: view.school("school_type").where(view.as_present),
        _plain("{}"),
    ),
    Feature("region", "region", "category", lambda view: view.school("region"), _plain("region {}")),
    _number(
        "sponsor_led",
        "sponsor-led academy",
        lambda view: (view.school("sponsor_led").fillna(False).astype(bool) & view.as_present).astype(float),
        _sponsored,
    ),
    _number("pupils", "pupils", _pupils, _plain("{:,.0f} pupils")),
    *(_level(column, noun) for column, noun in SHARES.items()),
    *(_change(column, noun) for column, noun in SHARES.items()),
    _number(
        "pupil_teacher_ratio",
        "pupils per teacher",
        lambda view: view.latest("pupil_teacher_ratio"),
        _plain("{:.1f} pupils per teacher"),
    ),
    _number(
        "mean_salary_gbp",
        "teachers' mean salary",
        lambda view: view.latest("mean_salary_gbp"),
        _plain("teachers' mean salary GBP {:,.0f}"),
    ),
    _number("progress_all", "progress", lambda view: view.pooled("all"), _progress("progress")),
    _number(
        "progress_disadvantaged",
        "progress of disadvantaged pupils",
        lambda view: view.pooled("disadvantaged"),
        _progress("progress of disadvantaged pupils"),
    ),
)

#: every feature that a spec may name
REGISTRY: dict[str, Feature] = {feature.name: feature for feature in _ALL}


def measure(view: View, names: Sequence[str]) -> pd.DataFrame:
    """Return the named features, one column each: float, or object for a category; missing is NaN or None."""
    columns = {name: _typed(REGISTRY[name], REGISTRY[name].measure(view)) for name in names}
    return pd.DataFrame(columns, index=view.rows.index)


def _typed(feature: Feature, column: pd.Series) -> pd.Series:
    if feature.kind == "number":
        return column.astype(float)
    return column.astype(object).where(column.notna(), None)
