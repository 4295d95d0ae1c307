"""Which school of the date another URN belongs to, in a planner's table."""

from pilotage.sources.schools.lineage import other_urns, present_urns


def test_a_former_and_a_later_urn_both_lead_to_the_school_of_the_date() -> None:
    links = {1: 2, 2: 3, 4: 5, 6: 7}  # old -> new
    assert other_urns(links, {2, 5, 8}) == {1: 2, 3: 2, 4: 5}


def test_a_sponsor_led_academy_stands_for_its_predecessor_in_tables_but_has_no_grade_of_it() -> None:
    links, academy = {1: 2}, {2}
    assert other_urns(links, {2}) == {1: 2}
    assert other_urns(links, {1}) == {2: 1}
    assert present_urns([2], {1}, links, new_schools=academy) == {}
