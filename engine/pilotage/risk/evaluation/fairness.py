"""Whether a forecast serves some schools worse: error rates by group, each beside the rest, corrected for their number.

The top fifth of all tested schools is "flagged". Among schools that did not fall, the share flagged is the false
positive rate; among those that fell, the share not flagged is the false negative rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.estimators.bootstrap import Measure, on_all, resampled
from pilotage.risk.evaluation.figures import ranged, rounded
from pilotage.risk.evaluation.metrics import discrimination, ranking

Floats = NDArray[np.float64]
FLAGGED = 0.20
SMALLEST = 30  # a group under it, or with under RARE of either outcome, has its size and no rates
RARE = 5
TESTED = ("false_positive_rate", "false_negative_rate", "drift", "auc")
RATES = (*TESTED, "base_rate", "mean_forecast", "flagged")
GROUPINGS = ("phase", "region", "idaci_fifth", "fsm_fifth", "size_fifth", "school_type")  # IDACI: where a list has it
IDACI_ENDS = {1: "least deprived", 5: "most deprived"}
NOT_KNOWN = "not known"


def attributes(panel: SchoolPanel, urns: NDArray[np.int64]) -> pd.DataFrame:
    """Return what each school's group is taken from, as known by the panel's date, in the order of ``urns``."""
    schools = panel.schools.set_index("urn").loc[urns]
    years = panel.school_years[panel.school_years["known_on"] <= pd.Timestamp(panel.as_of)]
    last = years.sort_values("year").groupby("urn")[["fsm6_share", "fsm_share", "pupils"]].last().reindex(urns)
    return pd.DataFrame(
        {
            "phase": schools["phase"].to_numpy(),
            "region": schools["region"].to_numpy(),
            "school_type": schools["school_type"].to_numpy(),
            "idaci": schools["idaci_fifth"].astype(float).to_numpy(),
            "fsm": last["fsm6_share"].fillna(last["fsm_share"]).to_numpy(dtype=float),
            "size": last["pupils"].fillna(schools["pupils"]).to_numpy(dtype=float),
        }
    )


def grouped(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each row's group under each grouping; fifths are those of the tested schools, of IDACI those of England.

    Rows of which no fifth of IDACI is known have no such grouping.
    """
    plain = {name: rows[name].astype(object).where(rows[name].notna(), NOT_KNOWN) for name in ("phase", "region")}
    fifths = {"idaci_fifth": _idaci(rows["idaci"])} if rows["idaci"].notna().any() else {}
    fifths["fsm_fifth"] = fifth(rows["fsm"], "least deprived", "most deprived")
    fifths["size_fifth"] = fifth(rows["size"], "smallest", "largest")
    types = rows["school_type"].astype(object).where(rows["school_type"].notna(), NOT_KNOWN)
    return plain | fifths | {"school_type": types}


def _idaci(number: pd.Series) -> pd.Series:
    """Return the words of each fifth of IDACI, as the list of schools numbers it."""
    words = {of: f"{of} ({IDACI_ENDS[of]})" if of in IDACI_ENDS else str(of) for of in range(1, 6)}
    return number.map(words).astype(object).where(number.notna(), NOT_KNOWN)


def fifth(values: pd.Series, lowest: str, highest: str) -> pd.Series:
    """Return the fifth of each value, 1 the lowest; equal values fall in one fifth."""
    words = {1: f"1 ({lowest})", 2: "2", 3: "3", 4: "4", 5: f"5 ({highest})"}
    rank = values.rank(pct=True, method="average")
    number = pd.Series(np.ceil(rank * 5), index=values.index).clip(1, 5)
    fifths: pd.Series = number.map(words).astype(object).where(values.notna(), NOT_KNOWN)
    return fifths


def group_table(rows: pd.DataFrame, resamples: int, seed: int, level: float) -> list[dict[str, Any]]:
    """Return one entry per group: sizes, rates with intervals, and the difference from other schools, with its p.

    Significance: the difference from all other tested schools (of the area under the curve: from all tested schools)
    over its standard error among resamples of schools, as a normal deviate, two-sided; then Benjamini and Hochberg
    over every test of the table.
    """
    members = [
        Member(grouping, str(group), (member == group).to_numpy())
        for grouping, member in grouped(rows).items()
        for group in sorted(member.unique())
    ]
    fell = rows["y"].to_numpy(dtype=float)
    large = [member for member in members if _enough(member.inside, fell)]
    measure = _measure(rows["p"].to_numpy(dtype=float), fell, large)
    whole, drawn = on_all(measure, len(rows)), resampled(measure, rows["urn"].to_numpy(dtype=np.int64), resamples, seed)
    numbers = {(member.grouping, member.group): number for number, member in enumerate(large)}
    entries = [
        _entry(member, fell, whole, drawn, numbers.get((member.grouping, member.group)), level) for member in members
    ]
    _correct(entries)
    return entries


@dataclass(frozen=True)
class Member:
    """One group of a grouping, and which rows are in it."""

    grouping: str
    group: str
    inside: NDArray[np.bool_]


def _enough(inside: NDArray[np.bool_], fell: Floats) -> bool:
    count, hits = int(inside.sum()), int(fell[inside].sum())
    return SMALLEST <= count < len(fell) and min(hits, count - hits) >= RARE


def _entry(
    member: Member,
    fell: Floats,
    whole: dict[str, float],
    drawn: dict[str, Floats],
    number: int | None,
    level: float,
) -> dict[str, Any]:
    """Return the entry of a group; ``number`` is its place among those measured, None where it is too small."""
    entry: dict[str, Any] = {"grouping": member.grouping, "group": member.group}
    entry |= {"n": int(member.inside.sum()), "positives": int(fell[member.inside].sum())}
    if number is None:
        return entry | {"rates": None, "differences": None}
    rates = {name: ranged(whole[f"{name}/{number}"], drawn[f"{name}/{number}"], level) for name in RATES}
    tests = {
        name: _test(
            whole[f"{name}/{number}"] - whole[f"{name}_rest/{number}"],
            drawn[f"{name}/{number}"] - drawn[f"{name}_rest/{number}"],
        )
        for name in TESTED
    }
    return entry | {"rates": rates, "differences": tests}


def _measure(p: Floats, fell: Floats, members: list[Member]) -> Measure:
    flagged, stayed = _flagged(p), 1 - fell
    columns = np.column_stack([np.ones(len(p)), fell, p, flagged, stayed * flagged, fell * (1 - flagged)])
    inside = [columns * member.inside[:, None] for member in members]
    ranks = [ranking(p[member.inside]) for member in members]
    all_ranks = ranking(p)

    def measure(weights: Floats) -> dict[str, Floats]:
        rates: dict[str, Floats] = {}
        total = weights @ columns
        area = discrimination(all_ranks, fell, weights, cuts=())["auc"]
        for number, member in enumerate(members):
            own = weights @ inside[number]
            rates |= {f"{name}/{number}": value for name, value in _rates(own).items()}
            rates |= {f"{name}_rest/{number}": value for name, value in _rates(total - own).items()}
            part = discrimination(ranks[number], fell[member.inside], weights[:, member.inside], cuts=())
            rates |= {f"auc/{number}": part["auc"], f"auc_rest/{number}": area}
        return rates

    return measure


def _rates(sums: Floats) -> dict[str, Floats]:
    """Return the rates of sums of size, falls, forecasts, flags, false flags and misses, shape (resamples, 6)."""
    size, hits, total, flags, false_flags, missed = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "base_rate": hits / size,
            "mean_forecast": total / size,
            "drift": (total - hits) / size,
            "flagged": flags / size,
            "false_positive_rate": false_flags / (size - hits),
            "false_negative_rate": missed / hits,
        }


def _flagged(p: Floats) -> Floats:
    """Return 1 for rows in the top share of forecasts, ties at the cut included."""
    count = max(1, round(FLAGGED * len(p)))
    return np.asarray(p >= np.sort(p)[-count], dtype=np.float64)


def _test(difference: float, drawn: Floats) -> dict[str, Any]:
    from scipy.stats import norm

    known = drawn[np.isfinite(drawn)]
    spread = float(known.std(ddof=1)) if len(known) > 1 else 0.0
    usable = spread > 0 and np.isfinite(difference)
    chance = float(2 * norm.sf(abs(difference) / spread)) if usable else None
    return {"difference": rounded(difference), "p": chance}


def _correct(entries: list[dict[str, Any]]) -> None:
    """Put the corrected p beside each p of the table, and whether it is under one in twenty."""
    from scipy.stats import false_discovery_control

    tests = [test for entry in entries for test in (entry["differences"] or {}).values()]
    known = [test for test in tests if test["p"] is not None]
    corrected = false_discovery_control([test["p"] for test in known]) if known else np.zeros(0)
    for test, value in zip(known, corrected, strict=True):
        test["p_corrected"] = rounded(float(value))
        test["significant"] = bool(value < 0.05)
    for test in tests:
        test["p"] = rounded(test["p"])
        test.setdefault("p_corrected", None)
        test.setdefault("significant", False)
