"""Answer: the plan on the map and in its four lists, a school's sheet, and what a pin or a ban would cost."""

from __future__ import annotations

from base64 import b64encode

import pandas as pd
import streamlit as st

from pilotage.domain.findings.explained import SchoolExplained
from pilotage.report import words
from pilotage.report.compare.words import leader as change_words
from pilotage.report.explain.school import school_tables, school_words
from pilotage.report.lists.counted import expected_benefit
from pilotage.report.lists.for_people import Levels, levels_of
from pilotage.report.lists.ranked_schools import placements, ranked_schools
from pilotage.report.page.need_map import need_map
from pilotage.report.run.empty_plan import nobody_words
from pilotage.report.run.expected import expected_lines
from pilotage.report.run.four_lists import NOTES, FourLists, ask_cells, four_lists, support_cells, worry_cells
from pilotage.report.run.proof import audit_words, failure, proven
from pilotage.report.words import number
from pilotage.study.explain.school import explain_school
from pilotage.study.session.tried import Tried, moves
from pilotage.workbench.bench import RUN, Bench
from pilotage.workbench.form.pairs import add_pair
from pilotage.workbench.shown import plain, problems_shown, show_problems, show_table, write

MAP = "Map of the schools in scope, darker where need is higher; diamonds mark the schools that the plan serves."
WIDE = ("why", "placement_reason", "reasons")  # columns of sentences
MIDDLE = ("body", "name", "about", "judged", "authority", "need_note", "missing", "marks")
SVG, WIDTH = "http://www.w3.org/2000/svg", 480
MOST = 500  # rows of a list
HEIGHT, ROW_HEIGHT = 460, 70  # pixels: of a list, and of a row with room for three lines
PLACED = ["leader_id", "urn", "name", "authority", "level", "placement_reason"]


def show(bench: Bench) -> None:
    """Show the step."""
    st.header("Answer")
    if not bench.plans:
        st.info("No plan is made yet: step Run.")
        return
    by_number = {each.number: each for each in reversed(bench.plans)}
    chosen = st.selectbox("Plan", list(by_number), format_func=lambda number: by_number[number].name)
    tried = by_number[chosen]
    _headline(tried)
    if tried.number > 1:
        _since(bench.plans[tried.number - 2], tried)
    ranked, placed = ranked_schools(tried.record), placements(tried.record)
    figures, map_ = st.columns([3, 2])
    with figures:
        _figures(tried)
    with map_:
        _map(tried, ranked)
    _lists(tried, four_lists(tried.record, placed), levels_of(ranked))
    _school(bench, tried, ranked)


def _headline(tried: Tried) -> None:
    record = tried.record
    failed, stamp = failure(record), words.banner(record)
    if failed:
        st.error(plain(failed))
    if stamp:
        st.warning(plain(stamp))
    st.subheader(plain(words.headline(record)))


def _figures(tried: Tried) -> None:
    record = tried.record
    st.subheader("The plan")
    write([*nobody_words(record), *expected_lines(record), proven(record), audit_words(record), words.HONESTY])


def _since(before: Tried, after: Tried) -> None:
    """Show what differs from the plan before."""
    st.subheader(plain(f"Against {before.name}"))
    names = _names(after)
    changes = [change_words(each, names) for each in moves(before, after)]
    write([_gain(before, after), *(changes or ["The same leaders take the same posts."])])


def _gain(before: Tried, after: Tried) -> str:
    gain = (expected_benefit(after.record) or 0) - (expected_benefit(before.record) or 0)
    if round(gain, 1) == 0:
        return "It is modelled to add as many pupil-months."
    return f"It is modelled to add {number(abs(gain), 1)} {'more' if gain > 0 else 'fewer'} pupil-months."


def _names(tried: Tried) -> dict[int, str]:
    schools = tried.record.panel.schools
    return dict(zip(schools["urn"].tolist(), schools["name"].astype(str), strict=True))


def _map(tried: Tried, ranked: pd.DataFrame) -> None:
    """Show the map as a picture: streamlit takes drawings out of a page."""
    svg = need_map(tried.record, ranked)
    if svg:
        st.subheader("Map")
        alone = svg.replace("<svg ", f'<svg xmlns="{SVG}" width="{WIDTH}" ', 1)  # as a file of its own
        source = b64encode(alone.encode()).decode()
        st.html(f'<img style="max-width: 100%" alt="{MAP}" src="data:image/svg+xml;base64,{source}">')


def _lists(tried: Tried, lists: FourLists, levels: Levels) -> None:
    asked, supported = lists.first_to_ask(MOST), lists.support.head(MOST)
    worry, placed = lists.worry.head(MOST), lists.placements.head(MOST)
    cells = {
        "Worry about": (worry, pd.DataFrame([worry_cells(row) for _, row in worry.iterrows()])),
        "Ask next": (asked, pd.DataFrame([ask_cells(row, levels) for _, row in asked.iterrows()])),
        "Placements": (placed, placed[PLACED]),
        "Support in post": (supported, pd.DataFrame([support_cells(row, levels) for _, row in supported.iterrows()])),
    }
    st.subheader("The four lists")
    st.markdown("Choose a row to see the school below.")
    for tab, (name, (rows, table)) in zip(st.tabs(list(cells)), cells.items(), strict=True):
        with tab:
            st.markdown(plain(NOTES[name]))
            if len(table):
                _list(tried, name, rows["urn"].tolist(), table)
            else:
                st.markdown("No school.")


def _list(tried: Tried, name: str, urns: list[int], table: pd.DataFrame) -> None:
    """Show a list; a row that is chosen is the school that the sheet below shows."""
    key = f"list-{tried.number}-{name}"

    def choose() -> None:
        rows = st.session_state[key].selection.rows
        if rows:
            st.session_state[_school_key(tried)] = int(urns[rows[0]])

    widths = dict.fromkeys(MIDDLE, 170) | dict.fromkeys(WIDE, 320)
    st.dataframe(
        table,
        hide_index=True,
        height=HEIGHT,
        row_height=ROW_HEIGHT,
        column_config={
            str(each): st.column_config.TextColumn(str(each).replace("_", " "), width=widths.get(str(each)))
            for each in table.columns
        },
        key=key,
        on_select=choose,
        selection_mode="single-row",
    )


def _school_key(tried: Tried) -> str:
    return f"school-{tried.number}"


def _school(bench: Bench, tried: Tried, ranked: pd.DataFrame) -> None:
    """Show a school's sheet, and let it be pinned or banned."""
    st.subheader("A school")
    rows = zip(ranked["urn"].tolist(), ranked["name"], ranked["status"], strict=True)
    labels = {int(urn): f"{name} ({urn}): {status}" for urn, name, status in rows}
    urn = st.selectbox(
        "School", list(labels), format_func=lambda each: labels[each].replace("_", " "), key=_school_key(tried)
    )
    if st.button("Explain this school"):
        with problems_shown(), st.spinner("Planning again with the school forced in"):
            made = explain_school(bench.opened(tried), str(urn), lambda _message: None)
            st.session_state["explained"] = (tried.number, made)
    number_, explained = st.session_state.get("explained", (None, None))
    if explained is not None and (number_, explained.urn) == (tried.number, urn):
        write(school_words(explained))
        for table in school_tables(explained):
            show_table(table)
        _decide(bench, explained)


def _decide(bench: Bench, explained: SchoolExplained) -> None:
    """Let a leader be pinned to the school or banned from it; the plan is then made again."""
    st.markdown("**Decide, and plan again**")
    able = list(dict.fromkeys(option.leader_id for option in explained.options if not option.barriers))
    leader = st.selectbox("Leader", able, key="decide-leader") if able else None
    reason = st.text_input("Why", key="decide-reason")
    author = st.text_input("Who asks for it", key="decide-author")
    pin, ban, nobody = st.columns(3)
    busy = bench.job is not None
    asked = {
        "pin": pin.button("Pin this leader here", disabled=busy or leader is None),
        "ban": ban.button("Ban this leader here", disabled=busy or leader is None),
        "nobody": nobody.button("Send nobody here", disabled=busy),
    }
    clicked = next((name for name, on in asked.items() if on), None)
    if clicked is None:
        return
    who, part = (None if clicked == "nobody" else leader), ("pins" if clicked == "pin" else "bans")
    problems = add_pair(bench, part, who, explained.urn, (reason, author))
    show_problems(problems)
    if not problems:
        bench.plan()
        bench.go_to(RUN)
        st.rerun()
