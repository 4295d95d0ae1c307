"""Print docs/reference/evidence.md from data/reference/evidence.yaml; a test keeps the page fresh."""

from __future__ import annotations

from page_tables import table

from pilotage.domain.evidence import Parameter
from pilotage.sources.evidence import load_evidence

HEAD = """# Evidence and assumptions

Made from `data/reference/evidence.yaml` by `make docs`; do not edit by hand. A benefit rests on these figures. A
scenario replaces one under `impact.parameters`, within the range allowed; `pilotage evidence SCENARIO` then prints
what it uses.

- **measured**: a figure seen in the source named.
- **inferred**: arithmetic on such figures.
- **assumed**: a judgement. Challenge it.

"Tried" is the range over which each run tries its plan, and says which figure moves it most. [The
counterfactual](../method/counterfactual.md) and [the plan](../method/plan.md) say where each figure stands in the
equations.
"""
GRADES = ("measured", "inferred", "assumed")


def page() -> str:
    """Return every parameter with its value, source and ranges, by grade, in Markdown."""
    known = load_evidence({}).parameters.values()
    return "\n".join([HEAD, *(_section(grade, [each for each in known if each.grade == grade]) for grade in GRADES)])


def _section(grade: str, parameters: list[Parameter]) -> str:
    headings = ("parameter", "value", "unit", "allowed", "tried", "source")
    return f"## {grade.capitalize()}\n\n" + table(headings, (_row(each) for each in parameters))


def _row(each: Parameter) -> tuple[str, ...]:
    name = f"`{each.name}`" + (f" {each.title}" if each.title else "")
    spans = (_span(each.minimum, each.maximum), _span(each.low, each.high))
    return name, f"{each.value:,.9g}", each.unit, *spans, each.source


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:,.9g} to {high:,.9g}"


if __name__ == "__main__":
    print(page(), end="")
