"""Pins and bans of a question: who must go where, and who must not."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pilotage.case.case import Case
from pilotage.config.scenario import Ban, Pin
from pilotage.errors import Problem
from pilotage.study.session.choices import distance_km, leader_label, leaders_of, schools_named
from pilotage.workbench.bench import Bench
from pilotage.workbench.shown import plain, show_problems

NOBODY = "nobody"
KINDS = {"Pin: must go there": "pins", "Ban: must not go there": "bans"}


def show(bench: Bench) -> None:
    """Show the pins and bans of the question, and let some be added and removed."""
    assert bench.question is not None
    with st.expander("Pins and bans"):
        scenario = bench.question.scenario
        for part, entries in (("pins", scenario.pins), ("bans", scenario.bans)):
            for name, entry in entries.items():
                _entry(bench, part, name, entry)
        case, _ = bench.checked()
        if case is not None:
            _add(bench, case)


def _entry(bench: Bench, part: str, name: str, entry: Pin | Ban) -> None:
    words, button = st.columns([4, 1])
    place = f"school {entry.urn}" if entry.post_id is None else f"post {entry.post_id}"
    verb = "must go" if part == "pins" else "must not go"
    case, far = bench.checked()[0], ""
    if case is not None and entry.leader_id is not None and entry.urn is not None:
        km = distance_km(case, entry.leader_id, entry.urn)
        far = "" if km is None else f", {km:,.0f} km away"
    words.markdown(plain(f"{entry.leader_id or NOBODY} {verb} to {place}{far}: {entry.reason} ({entry.author})"))
    button.button("Remove", key=f"remove-{part}-{name}", on_click=bench.remove_entry, args=((part, name),))


def _add(bench: Bench, case: Case) -> None:
    assert bench.question is not None
    names = leaders_of(bench.question.scenario, case)
    kind = st.selectbox("What", list(KINDS), key="pair-kind")
    leader = st.selectbox("Leader", list(names), format_func=partial(leader_label, names), key="pair-leader")
    words = st.text_input("Find the school: part of its name or its URN", key="pair-words")
    listed = schools_named(case, words) if words.strip() else None
    if listed is None or listed.empty:
        st.markdown("No school is chosen yet.")
        return
    rows = zip(listed["urn"].tolist(), listed["name"], listed["authority"], strict=True)
    by_urn = {int(urn): f"{name} ({urn}, {authority})" for urn, name, authority in rows}
    urn = st.selectbox("School", list(by_urn), format_func=lambda each: by_urn[each], key="pair-school")
    km = distance_km(case, leader, urn)
    st.markdown(
        "How far it is is not known." if km is None else f"{km:,.0f} km from the leader's base, in a straight line."
    )
    reason, author = st.text_input("Why", key="pair-reason"), st.text_input("Who asks for it", key="pair-author")
    if st.button("Add", key="pair-add"):
        problems = add_pair(bench, KINDS[kind], leader, urn, (reason, author))
        show_problems(problems)
        if not problems:
            st.rerun()


def add_pair(bench: Bench, part: str, leader: str | None, urn: int, why: tuple[str, str]) -> tuple[Problem, ...]:
    """Add a pin or a ban; ``part``: ``pins`` or ``bans``, ``why``: the reason and who asks for it."""
    reason, author = (text.strip() for text in why)
    missing = [words for words, text in (("why", reason), ("who asks for it", author)) if not text]
    if missing:
        what, do = f"nothing says {' or '.join(missing)}", "fill in Why and Who asks for it: governors may ask"
        return (Problem(f"{part}: {leader or NOBODY} at {urn}", what, "a reason and a name", do),)
    entry = {"leader_id": leader, "urn": urn, "reason": reason, "author": author}
    name = f"{leader or NOBODY}-{urn}"
    return bench.change((part, name), {key: value for key, value in entry.items() if value is not None})
