"""The line of reasons of every school of the sample, and of schools whose forecast is made by hand."""

import numpy as np
import pandas as pd

from pilotage.domain.forecast import OutcomeState, RiskForecast
from pilotage.domain.panel import SchoolPanel
from pilotage.risk.leadership.forecast import LeadershipForecast
from pilotage.risk.reasons import LONGEST
from pilotage.risk.spec.leadership import LeadershipSpec
from pilotage.risk.why import why_at_risk

COMPARED = r"similar schools|schools of its phase"


def test_every_line_of_the_sample_is_short_compares_and_goes_with_the_risk(forecast: RiskForecast) -> None:
    table = forecast.table
    said = table[table["reasons"] != ""]
    assert len(said) > 1_500
    assert said["reasons"].str.len().max() <= LONGEST
    parts = said["reasons"].str.removesuffix(".").str.split("; ")
    assert parts.str.len().max() <= 3
    assert all(parts.explode().str.contains(COMPARED))
    assert not said["reasons"].str.contains("Lowers|inspected .* ago|school$|in London").any()
    assert (said["reasons"].str.count("disadvantaged pupils [0-9]+ month") <= 1).all()


def test_nothing_is_said_of_a_risk_under_five_in_a_hundred(forecast: RiskForecast) -> None:
    table = forecast.table
    of_gap = table["reasons"].str.contains("isadvantaged pupils [0-9]+ month")
    alone = of_gap & ~table["reasons"].str.contains(";")
    assert of_gap.any()
    assert table.loc[of_gap, "p_gap_wide"].min() >= 0.05
    assert table.loc[(table["reasons"] != "") & ~alone, "p_below_good"].min() >= 0.05
    low = (table["p_below_good"] < 0.05) & (table["p_gap_wide"] < 0.05)
    assert low.any()
    assert (table.loc[low, "reasons"] == "").all()


def test_a_wide_gap_is_named_where_there_is_room(forecast: RiskForecast) -> None:
    table = forecast.table
    gap_alone = (table["p_below_good"] < 0.05) & (table["p_gap_wide"] > 0.9)
    assert gap_alone.any()
    assert table.loc[gap_alone, "reasons"].str.startswith("Disadvantaged pupils ").mean() > 0.9


def test_a_school_below_good_says_so_first(forecast: RiskForecast) -> None:
    stuck = forecast.table[forecast.table["p_stuck"].notna()]
    judged = stuck["reasons"].str.match("Leadership judged (?:requires improvement|inadequate), most ")
    assert judged.mean() > 0.95


def _forecast(rows: list[bool], names: list[str], values: pd.DataFrame, weights: list[list[float]]):
    asked = np.array(rows)
    p = np.where(asked, 0.3, np.nan)
    draws = np.zeros((len(rows), 0), dtype=np.float32)
    frame, parts = values[["urn", *names]], np.array(weights)
    return LeadershipForecast(OutcomeState(True, ""), asked, p, draws, draws, frame, parts)


def test_similar_schools_are_all_those_forecast_of_whatever_grade(
    panel: SchoolPanel, fall: LeadershipSpec, specs: dict
) -> None:
    names = ["leadership_grade", "absence_share"]
    urns = panel.schools.sort_values("urn").query("phase == 'primary'")["urn"].head(300).to_numpy()
    grades = np.where(np.arange(300) < 270, 2.0, 3.0)
    values = pd.DataFrame({"urn": urns, "leadership_grade": grades, "absence_share": 0.05})
    values.loc[[0, 299], "absence_share"] = 0.08
    few = {name: fall.features[name] for name in names}
    below = grades == 3
    leadership = {
        name: (
            _forecast(rows.tolist(), names, values[rows], [[-0.5, 0.4]] * int(rows.sum())),
            specs[name].model_copy(update={"features": few}),
        )
        for name, rows in (("leadership_fall", ~below), ("leadership_stuck", below))
    }
    table = pd.DataFrame(
        {"urn": urns, "p_below_good": np.where(below, 0.65, 0.3), "gap_months": np.nan, "p_gap_wide": np.nan}
    )
    table.loc[1, "p_below_good"] = 0.04
    found = why_at_risk(panel, table, leadership)
    assert found[0] == "Absence 8.0%, 3.0 points above similar schools."
    assert found[299].startswith("Leadership judged requires improvement, most similar schools good; absence 8.0%, 3.0")
    assert found[1] == ""
    assert set(found[2:270]) == {""}
