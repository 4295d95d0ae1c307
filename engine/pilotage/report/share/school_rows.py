"""The list of a body's schools, as CSV, workbook, page and governors' sheets show it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pilotage.domain.findings.packs import BodyPack, PackSchool
from pilotage.report.columns import DECISION, FACT, FORECAST, RANKED, Column
from pilotage.report.share import words
from pilotage.report.words import phase_words, text_of

_WIDTHS = {"name": 30, "phase": 11, "authority": 16, "trust": 20, "disadvantaged_pupils": 15}  # for texts that wrap
_KNOWN = {column.name: replace(column, width=_WIDTHS.get(column.name, column.width)) for column in RANKED}
_OF_FACTS = ("urn", "name", "phase", "authority", "trust", "pupils", "disadvantaged_pupils")

SCHOOLS = (
    *(_KNOWN[name] for name in _OF_FACTS[:3]),
    Column("school_type", "Type", FACT, "text", 16, "Type of school; blank = not published."),
    *(_KNOWN[name] for name in _OF_FACTS[3:]),
    Column(
        *("leadership", "Leadership, last judged", FACT, "text", 18),
        "What inspectors last said of the school's leadership, in the words of their scale, and when.",
    ),
    Column(
        *("support_priority", "Support priority", FORECAST, "text", 24),
        "How the school stands among schools of its phase by need, as far as the forecast can tell. It is no judgement "
        "of anybody.",
    ),
    Column(
        *("outlook", "What is likely if nothing is done", FORECAST, "text", 32),
        "A forecast: of a hundred schools like this one, for about how many an inspection would say so. Blank = not "
        "known, or not for this reader.",
    ),
    Column(
        *("gap", "How far disadvantaged pupils are behind", FORECAST, "text", 24),
        "How far the school's disadvantaged pupils are behind or ahead of other pupils in England, in months of "
        "progress; an estimate from published results. Blank = not known, or not for this reader.",
    ),
    Column(*("reasons", "Beside similar schools", FORECAST, "text", 34), words.REASONS),
    Column(
        *("why_here", "Why leadership matters here", FORECAST, "text", 28),
        "Said where the plan offers something, and the school is in the fifth of its phase that is likeliest to "
        "struggle beside schools with similar pupils.",
    ),
    Column(*("offered", "What this plan offers", DECISION, "text", 36), words.FREE),
)


def school_list(pack: BodyPack) -> pd.DataFrame:
    """Return the ``SCHOOLS`` of a body: one row each, in the order of the pack."""
    rows = pd.DataFrame([school_row(school) for school in pack.schools], columns=[column.name for column in SCHOOLS])
    whole = {column.name: "Int64" for column in SCHOOLS if column.form == "integer"}
    return rows.astype(whole)


def school_row(school: PackSchool) -> dict[str, object]:
    """Return the cells of one school, by column; an empty text is blank."""
    forecast = school.forecast
    return {
        "urn": school.urn,
        "name": school.name,
        "phase": phase_words(school.phase),
        "school_type": text_of(school.school_type),
        "authority": school.authority,
        "trust": text_of(school.trust),
        "pupils": school.pupils,
        "disadvantaged_pupils": school.disadvantaged_pupils,
        "leadership": words.judged(school),
        "support_priority": words.priority(school),
        "outlook": "" if forecast is None else words.outlook(forecast),
        "gap": "" if forecast is None else words.gap(forecast),
        "reasons": "" if forecast is None else forecast.reasons,
        "why_here": words.struggles(school),
        "offered": " ".join(words.offered(school, offer) for offer in school.offers),
    }
