"""Sharing: what a saved plan gives to others, to be downloaded: a pack for one reader, a sheet for governors."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import streamlit as st

from pilotage.domain.findings.packs import AudienceKind
from pilotage.study.session.packs import bodies, governors_sheet, pack_in, schools_with_sheets
from pilotage.study.session.tried import Tried
from pilotage.study.share.pack import Wanted
from pilotage.workbench.bench import Bench
from pilotage.workbench.shown import problems_shown

READERS = {AudienceKind.TRUST: "A trust", AudienceKind.AUTHORITY: "An authority", AudienceKind.TRUSTEES: "The trustees"}
NOTE = "A pack has its reader's own schools alone; the trustees' has areas and totals. Unsigned it is a draft."


def show(bench: Bench, tried: Tried, run: Path) -> None:
    """Offer what can be shared of a saved plan; ``run``: its folder."""
    st.subheader("To share")
    st.markdown(NOTE)
    signed = st.text_input("Signed off by (blank: a draft)", key=f"signed-{tried.number}").strip() or None
    _pack(bench, tried, run, signed)
    _sheet(tried, run, signed)


def _pack(bench: Bench, tried: Tried, run: Path, signed: str | None) -> None:
    kind = st.selectbox("Whom the pack is for", list(READERS), format_func=lambda each: READERS[each])
    reader, named = str(kind), False
    if kind is not AudienceKind.TRUSTEES:
        names = bodies(tried, kind)
        reader = st.selectbox("Which one", list(names), format_func=lambda word: names[word], key=f"body-{kind}")
        named = st.checkbox("Name the leaders whom the plan sends")
    wanted = Wanted(reader, named, signed)
    if st.button("Make the pack"):
        with problems_shown(), st.spinner("Making the pack"):
            folder = pack_in(bench.home / "packs", run, wanted, lambda _message: None)
            st.session_state["pack"] = (run, wanted, folder.name, zipped(folder))
    made = st.session_state.get("pack")
    if made is not None and made[:2] == (run, wanted):
        st.download_button("Download the pack (zip)", made[3], f"{made[2]}.zip")


def _sheet(tried: Tried, run: Path, signed: str | None) -> None:
    names = schools_with_sheets(tried)
    urn = st.selectbox(
        "The sheet for the governors of", list(names), format_func=lambda each: f"{names[each]} ({each})"
    )
    if st.button("Make the sheet"):
        with problems_shown(), st.spinner("Making the sheet"):
            page = governors_sheet(tried, run, urn, signed, lambda _message: None)
            st.session_state["sheet"] = (run, urn, signed, page)
    made = st.session_state.get("sheet")
    if made is not None and made[:3] == (run, urn, signed):
        st.download_button("Download the governors' sheet", made[3], f"governors-{urn}.html")


def zipped(folder: Path) -> bytes:
    """Return a folder as an archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
    return made.getvalue()
