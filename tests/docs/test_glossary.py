"""The glossary explains every term of a list once, in one sentence, in order."""

import re
from pathlib import Path

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "reference" / "glossary.md"
ENTRY = re.compile(r"^- \*\*(.+?)\*\*: (.+)$", flags=re.M)

#: Every term that the glossary must have, and no other.
TERMS = (
    "Acceptance",
    "Additive model",
    "Alternative",
    "Area under the curve",
    "As-of date",
    "Audit",
    "Auxiliary",
    "Back-test",
    "Band",
    "Base rate",
    "Baseline",
    "Benefit",
    "Bound",
    "Branch and bound",
    "Breach",
    "Budget",
    "Calibration",
    "Candidate pool",
    "Capacity",
    "Case",
    "Censored",
    "Cohort",
    "Column generation",
    "Comparison group",
    "Conflict",
    "Consent",
    "Constraint",
    "Contribution",
    "Counterfactual leadership",
    "Crosswalk",
    "Cutting plane",
    "CVaR",
    "Deletion filter",
    "Disadvantage gap",
    "Disadvantaged pupil",
    "Drift",
    "Dual",
    "Earlier pair",
    "Effect",
    "Eligible pair",
    "Equity weight",
    "Evidence parameter",
    "Executive leader",
    "Fade-in",
    "Feature",
    "Fold",
    "Forecast",
    "Hard constraint",
    "Hazard",
    "Held-back school",
    "Horizon",
    "Import contract",
    "Imputation",
    "Incumbent",
    "Infeasible",
    "Intervention",
    "Known-on date",
    "Label window",
    "Leader",
    "Level",
    "Linear programme",
    "Local case",
    "Loss at the school left",
    "Manifest",
    "Master problem",
    "Need",
    "Need threshold",
    "Node",
    "Objective",
    "Optimality gap",
    "Outcome",
    "Overlay",
    "Pair",
    "Panel",
    "Phase",
    "Pin",
    "Placement",
    "Plan",
    "Pool",
    "Post",
    "Predecessor",
    "Pricing",
    "Problem",
    "Prospect",
    "Proxy",
    "Pupil-month",
    "Rank",
    "Reason",
    "Recount",
    "Reduced-cost fixing",
    "Resample",
    "Reserve",
    "Rule",
    "Run folder",
    "Scenario",
    "Scenario draw",
    "Scope",
    "Seed",
    "Shadow price",
    "Shrinkage",
    "Snapshot",
    "Soft constraint",
    "Solver",
    "Span",
    "Spec",
    "Status",
    "Suppressed",
    "Symmetry aggregation",
    "Team",
    "Term",
    "Tie band",
    "Travel limit",
    "Trust",
    "Unit of pupils",
    "URN",
)

#: Words that the standard terms replace.
REPLACED = {"line", "box", "room", "rounds", "alike", "tail", "drafts", "ground", "closing", "completion", "clash"}
REPLACED |= {"weathered", "joined", "kept", "others"}


def _entries() -> list[tuple[str, str]]:
    return ENTRY.findall(GLOSSARY.read_text(encoding="utf-8"))


def test_every_term_is_explained_once_and_no_other() -> None:
    assert sorted(term for term, _ in _entries()) == sorted(TERMS)


def test_terms_are_sorted() -> None:
    terms = [term.casefold() for term, _ in _entries()]
    assert terms == sorted(terms)


def test_each_term_has_one_plain_sentence() -> None:
    for term, sentence in _entries():
        assert sentence.endswith("."), term
        assert ". " not in sentence, f"{term}: more than one sentence"
        assert len(sentence.split()) <= 35, f"{term}: too long for one plain sentence"


def test_no_replaced_word_is_used() -> None:
    for term, sentence in _entries():
        assert not REPLACED & set(re.findall(r"[a-z]+", f"{term} {sentence}".lower())), term
