"""Groups, and how firm an order is: planted differences are found, and none where there is none."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pilotage.domain.panel import SchoolPanel
from pilotage.risk.evaluation.fairness import attributes, fifth, group_table, grouped
from pilotage.risk.evaluation.stability import between_folds, between_resamples

REGIONS = ("East", "North", "South", "West")


def _rows(seed: int, size: int = 1600) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    truth = 1 / (1 + np.exp(-generator.normal(-1.0, 1.0, size)))
    return pd.DataFrame(
        {
            "urn": np.arange(size),
            "p": truth,
            "y": (generator.random(size) < truth).astype(float),
            "phase": np.where(np.arange(size) % 5, "primary", "secondary"),
            "region": np.array(REGIONS)[np.arange(size) % 4],
            "school_type": "Community School",
            "idaci": np.nan,
            "fsm": generator.random(size),
            "size": generator.integers(50, 500, size).astype(float),
        }
    )


def _significant(table: list[dict[str, object]]) -> set[tuple[str, str]]:
    return {
        (str(entry["group"]), name)
        for entry in table
        for name, test in (entry["differences"] or {}).items()
        if test["significant"]
    }


def test_a_region_whose_forecasts_are_raised_has_more_false_alarms_and_fewer_misses() -> None:
    rows = _rows(1)
    raised = rows["region"] == "North"
    rows.loc[raised, "p"] = 1 / (1 + (1 / rows.loc[raised, "p"] - 1) * np.exp(-1.5))
    found = _significant(group_table(rows, 300, 1, 0.95))
    assert {("North", "false_positive_rate"), ("North", "false_negative_rate"), ("North", "drift")} <= found


def test_in_worlds_without_a_difference_false_findings_are_rare() -> None:
    """Benjamini and Hochberg: in a world without any difference, one is told in at most about one world in twenty."""
    found = [_significant(group_table(_rows(seed), 100, 1, 0.95)) for seed in range(20)]
    assert sum(bool(one) for one in found) <= 4  # binomial(20, 0.05): more happens once in 400


def test_a_region_whose_order_is_lost_has_a_smaller_area_under_the_curve() -> None:
    rows = _rows(2)
    lost = (rows["region"] == "West").to_numpy()
    rows.loc[lost, "p"] = np.random.default_rng(1).permutation(rows.loc[lost, "p"].to_numpy())
    assert ("West", "auc") in _significant(group_table(rows, 300, 1, 0.95))


def test_rates_of_a_group_by_hand() -> None:
    rows = _rows(3, 400)
    rows["y"] = np.arange(400) % 2 * 1.0
    rows["p"] = np.where(np.arange(400) < 80, 0.9, 0.1)  # the first fifth is flagged
    entry = next(one for one in group_table(rows, 50, 1, 0.95) if one["group"] == "secondary")
    part = rows[rows["phase"] == "secondary"]
    alarms = ((part["p"] > 0.5) & (part["y"] == 0)).sum() / (part["y"] == 0).sum()
    missed = ((part["p"] < 0.5) & (part["y"] == 1)).sum() / (part["y"] == 1).sum()
    assert entry["rates"]["false_positive_rate"]["value"] == pytest.approx(alarms, abs=1e-4)
    assert entry["rates"]["false_negative_rate"]["value"] == pytest.approx(missed, abs=1e-4)


def test_a_small_group_has_its_size_and_no_rates() -> None:
    rows = _rows(4)
    rows.loc[:10, "region"] = "Islands"
    entry = next(one for one in group_table(rows, 50, 1, 0.95) if one["group"] == "Islands")
    assert entry["n"] == 11
    assert entry["rates"] is None


def test_fifths_are_of_equal_size_and_the_unknown_are_a_group() -> None:
    values = pd.Series([*np.arange(100.0), np.nan])
    found = fifth(values, "least", "most")
    assert found.value_counts().to_dict() == {
        **dict.fromkeys(("1 (least)", "2", "3", "4", "5 (most)"), 20),
        "not known": 1,
    }
    assert found[0] == "1 (least)"
    assert found[99] == "5 (most)"


def test_groups_are_as_known_on_the_day(panel: SchoolPanel) -> None:
    urns = panel.schools["urn"].to_numpy()[:50]
    found = attributes(panel, urns)
    assert set(grouped(found.assign(urn=urns))) == {"phase", "region", "fsm_fifth", "size_fifth", "school_type"}
    assert found["fsm"].between(0, 1).all()


def test_fifths_of_idaci_are_those_of_the_list_and_stand_beside_those_of_the_tested_schools(panel: SchoolPanel) -> None:
    urns = panel.schools["urn"].to_numpy()[:4]
    fifths = panel.schools.assign(idaci_fifth=panel.schools["urn"].map(dict(zip(urns, (5, 5, 2, None), strict=True))))
    found = grouped(attributes(replace(panel, schools=fifths.astype({"idaci_fifth": "Int64"})), urns))
    assert found["idaci_fifth"].tolist() == ["5 (most deprived)", "5 (most deprived)", "2", "not known"]
    assert "fsm_fifth" in found


def test_a_fifth_of_idaci_that_is_forecast_too_low_is_found() -> None:
    rows = _rows(5).assign(idaci=np.arange(1600) % 5 + 1.0)
    low = rows["idaci"] == 5
    rows.loc[low, "p"] = 1 / (1 + (1 / rows.loc[low, "p"] - 1) * np.exp(1.5))
    table = group_table(rows, 300, 1, 0.95)
    assert ("5 (most deprived)", "drift") in _significant([one for one in table if one["grouping"] == "idaci_fifth"])


def test_equal_resamples_agree_wholly_and_independent_ones_hardly() -> None:
    generator = np.random.default_rng(1)
    column = generator.random((400, 1)).astype(np.float32)
    assert between_resamples(np.repeat(column, 4, axis=1)) == {"spearman": 1.0, "top_tenth_shared": 1.0}
    apart = between_resamples(generator.random((400, 6)).astype(np.float32))
    assert apart["spearman"] == pytest.approx(0, abs=0.1)
    assert apart["top_tenth_shared"] == pytest.approx(0.1, abs=0.06)
    assert between_resamples(column) == {"spearman": None, "top_tenth_shared": None}


def test_two_years_are_compared_on_the_schools_of_both() -> None:
    p = np.linspace(0, 1, 100)
    one = pd.DataFrame({"urn": np.arange(100), "p": p, "fold": "a"})
    other = pd.DataFrame({"urn": np.arange(50, 150), "p": p, "fold": "b"})
    assert between_folds([one, other]) == [
        {"from": "a", "to": "b", "schools": 50, "spearman": 1.0, "top_tenth_shared": 1.0}
    ]
    assert between_folds([one]) == []
