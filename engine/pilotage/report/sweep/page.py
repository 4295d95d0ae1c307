"""sweep.html: one self-contained page; the template is page.html.jinja."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from pilotage.domain.findings.sweep import Came, Does, Moves, Often, SchoolChoice, Sweep, Swept
from pilotage.report.internal import INTERNAL
from pilotage.report.sweep import words
from pilotage.report.sweep.pictures import benefit_chart, moves_charts
from pilotage.report.words import DASH, HONESTY, UNIT, number, phase_words, text_of

MOST_SCENARIOS, MOST_SCHOOLS = 300, 100  # more are in the CSV files
Cells = dict[str, Any]


def sweep_page(sweep: Sweep) -> str:
    """Return the page as HTML, without any reference to the outside."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("pilotage.report.sweep").joinpath("page.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(source).render(_context(sweep))


def _context(sweep: Sweep) -> Cells:
    keys = words.changed_keys(sweep)
    chart = benefit_chart(sweep)
    return {
        "name": sweep.scenario,
        "why": sweep.why,
        "as_of": f"{sweep.as_of.day} {sweep.as_of:%B %Y}",
        "internal": INTERNAL,
        "banner": words.SYNTHETIC if sweep.synthetic else None,
        "failed": sum(each.came is Came.AUDIT_FAILED for each in sweep.scenarios),
        "headline": words.headline(sweep),
        "schools_line": words.schools_line(sweep),
        "honesty": HONESTY,
        "unit": UNIT,
        "came": words.came_counts(sweep),
        "chart": Markup(chart) if chart else None,
        "moves_charts": [Markup(each) for each in moves_charts(sweep)],
        "moves": [_moves(each) for each in sweep.moves],
        "drawn": any(each.means and not each.balanced for each in sweep.moves),
        "keys": keys,
        "scenarios": [_scenario(each, keys) for each in sweep.scenarios[:MOST_SCENARIOS]],
        "scenarios_total": f"{len(sweep.scenarios):,}",
        "schools": [_schools(sweep, often) for often in Often],
        "plans": f"{len(sweep.plans):,}",
    }


def _moves(each: Moves) -> Cells:
    means = [(words.mean_value(mean), number(mean.benefit, 1), f"{mean.plans:,}") for mean in each.means]
    return {"key": each.key, "words": words.moves(each), "means": means}


def _scenario(each: Swept, keys: list[str]) -> Cells:
    plan = each.plan
    figures = (
        [DASH] * 4
        if plan is None
        else [number(plan.benefit, 1), f"{plan.placed:,}", number(plan.accepted, 1), f"£{plan.spent_gbp:,.0f}"]
    )
    beside = (
        [] if plan is None else [_beside(len(plan.of(Does.ASK)), "ask"), _beside(len(plan.of(Does.SUPPORT)), "support")]
    )
    return {
        "number": f"{each.number:,}",
        "values": [words.value(each.settings[key]) for key in keys],
        "figures": figures,
        "beside": ", ".join(part for part in beside if part),
        "came": words.CAME[each.came],
        "plan": plan is not None,
        "reasons": [reason.words for reason in each.reasons],
    }


def _beside(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else ""


def _schools(sweep: Sweep, often: Often) -> Cells:
    every = [each for each in sweep.schools if each.often is often]
    rows = [_school(each) for each in every[:MOST_SCHOOLS]]
    return {"often": words.OFTEN[often], "id": often.value, "total": f"{len(every):,}", "rows": rows}


def _school(each: SchoolChoice) -> Cells:
    about = [f"URN {each.urn}", text_of(each.authority), phase_words(text_of(each.phase))]
    return {
        "name": text_of(each.name) or DASH,
        "about": " · ".join(part for part in about if part),
        "chosen": f"{each.chosen:,}",
        "eligible": f"{each.eligible:,}",
    }
