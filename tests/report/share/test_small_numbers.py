"""Small numbers of areas: none is shown, and none follows from what is shown, even for who knows the rule."""

from collections import defaultdict
from datetime import date
from itertools import product

import pytest

from pilotage.domain.findings.packs import AreaCounts, Audience, AudienceKind, PlanTotals, Stamp, TrusteesPack
from pilotage.report.share.area_rows import NOT_SHOWN, area_list, totals
from pilotage.report.share.small_numbers import FEWEST_SCHOOLS

PLAN = PlanTotals(9, 4, 12.3456, -3.0, 25.0, 2.4, 1.2, 16_000.0, 9_876.5)


def _pack(*areas: AreaCounts, plan: PlanTotals = PLAN) -> TrusteesPack:
    return TrusteesPack(Stamp(Audience(AudienceKind.TRUSTEES), date(2016, 8, 31), "ab" * 6), plan, areas)


def _area(name: str, placed: int, *, schools: int = 50, supported: int = 0, pupils: int | None = None) -> AreaCounts:
    reached = 20 * (placed + supported) if pupils is None else pupils
    return AreaCounts(name, schools, 10, placed, supported, 0, reached)


def _shown(*counts: int, schools: int = 50) -> tuple[str, ...]:
    """Return the column ``placed``, its total last; one that is nought everywhere is not there."""
    made = area_list(_pack(*(_area(str(place), count, schools=schools) for place, count in enumerate(counts))))
    return tuple(made["placed"]) if "placed" in made else ("0",) * (len(counts) + 1)


@pytest.mark.parametrize(("areas", "most"), [(2, 11), (3, 8), (4, 6)])
def test_who_knows_the_rule_and_sees_the_table_can_name_no_small_count(areas: int, most: int) -> None:
    """Every table is tried: whoever sees one finds at least two others that look the same, for each small count."""
    alike: dict[tuple[str, ...], list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(most + 1), repeat=areas):
        alike[_shown(*counts)].append(counts)
    for shown, tables in alike.items():
        for place, cell in enumerate(shown[:-1]):
            possible = {counts[place] for counts in tables}
            if any(0 < count < FEWEST_SCHOOLS for count in possible):
                assert cell == NOT_SHOWN
                assert len(possible) > 1, (shown, tables)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((6, 7, 8), ("6", "7", "8", "21")),
        ((6, 0, 8), ("6", "0", "8", "14")),
        ((2, 7, 8), (NOT_SHOWN, NOT_SHOWN, "8", "17")),
        ((1, 1, 9), (NOT_SHOWN, NOT_SHOWN, NOT_SHOWN, "11")),
        ((2, 0, 9), (NOT_SHOWN, "0", NOT_SHOWN, "11")),
        ((4, 4, 9, 10), (NOT_SHOWN, NOT_SHOWN, NOT_SHOWN, "10", "27")),
        ((5, 5, 4, 9), (NOT_SHOWN, NOT_SHOWN, NOT_SHOWN, "9", "23")),
        ((0, 4, 4, 4), (NOT_SHOWN, NOT_SHOWN, NOT_SHOWN, NOT_SHOWN, "12")),
        ((3, 0, 0), (NOT_SHOWN, "0", "0", NOT_SHOWN)),
        ((3,), (NOT_SHOWN, NOT_SHOWN)),
        ((7,), ("7", "7")),
    ],
)
def test_which_counts_are_hidden(counts: tuple[int, ...], shown: tuple[str, ...]) -> None:
    assert _shown(*counts) == shown


def test_an_area_without_schools_hides_nothing() -> None:
    made = area_list(_pack(_area("A", 3), _area("B", 0, schools=0), _area("C", 8)))
    assert made["placed"].tolist() == [NOT_SHOWN, "0", NOT_SHOWN, "11"]
    alone = area_list(_pack(_area("A", 0), _area("B", 0, schools=0)))
    assert "placed" not in alone


def test_few_pupils_and_pupils_of_few_schools_are_hidden_with_what_the_plan_does() -> None:
    made = area_list(_pack(_area("A", 6, pupils=9), _area("B", 7), _area("C", 8)))
    assert made["pupils"].tolist() == [NOT_SHOWN, NOT_SHOWN, "160", "309"]
    assert made["placed"].tolist() == [NOT_SHOWN, NOT_SHOWN, "8", "21"]
    both = area_list(_pack(_area("A", 6, supported=2), _area("B", 7, supported=9), _area("C", 8, supported=9)))
    assert both["pupils"].tolist()[0] == NOT_SHOWN
    assert both["supported"].tolist() == [NOT_SHOWN, NOT_SHOWN, "9", "20"]


def test_where_a_total_is_hidden_so_are_all_pupils() -> None:
    made = area_list(_pack(_area("A", 6, supported=1), _area("B", 7)))
    assert made["supported"].tolist() == [NOT_SHOWN, NOT_SHOWN, NOT_SHOWN]
    assert made["pupils"].tolist() == [NOT_SHOWN, NOT_SHOWN, NOT_SHOWN]
    assert made["placed"].tolist() == [NOT_SHOWN, NOT_SHOWN, "13"]


def test_totals_are_round_and_months_of_few_schools_are_not_shown() -> None:
    said = {total.name: (total.value, total.note) for total in totals(_pack(_area("A", 6)))}
    assert said["Leaders placed"] == ("4 of 9", "")
    assert said["Modelled benefit"] == ("12 pupil-months", "the range runs from −3 to 25")
    assert said["Cost expected"] == ("about £10,000", "")
    few = {total.name: total.value for total in totals(_pack(_area("A", 4)))}
    assert few["Modelled benefit"] == NOT_SHOWN


def test_what_is_not_on_record_is_left_out() -> None:
    bare = PlanTotals(9, 4, 12.3, None, None, None, None, None, None)
    made = totals(_pack(_area("A", 6), plan=bare))
    assert [(total.name, total.note) for total in made] == [
        ("Leaders placed", ""),
        ("Modelled benefit", "the range is not on record for a plan that asks"),
    ]
