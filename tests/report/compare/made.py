"""A comparison with something of every kind in it."""

from datetime import date

from pilotage.domain.findings.comparison import (
    Alone,
    Attribution,
    Change,
    Comparison,
    Difference,
    Differing,
    Effect,
    Figure,
    FigureChange,
    LeaderChange,
    ListChange,
    PlanList,
    Post,
    Setting,
    SettingWords,
    Side,
)

HOSTILE = "<b>Ash</b> & <script>alert(1)</script>"
PHASES = Setting(
    *("scope.phases", '["primary"]', "[]"), SettingWords("Phases in scope", "primary", "all"), of_forecast=True
)
CAP, TOP, QUOTA = (
    Setting("rules.cap.count", "8", "1", SettingWords("Rule cap", "at most 8", "at most 1")),
    Setting("report.top", "20", "10", SettingWords("Schools that the page shows first", "20", "10")),
    Setting("rules.q", None, "{}", SettingWords("Rule q", None, f"at least 1 placement in {HOSTILE}")),
)
MOVED = LeaderChange("L1", Change.MOVED, (Post("P1", 1),), (Post("P2", 2),), ("rules.cap.count",))
LOST = LeaderChange("L2", Change.LOST, (Post("P2", 2),), ())
GAINED = LeaderChange("L3", Change.GAINED, (), (Post("P3", 9),))


def comparison() -> Comparison:
    """Return the comparison."""
    effects = (
        Effect(TOP, Alone.PLANNED, 0.0),
        Effect(CAP, Alone.PLANNED, -12.34, MOVED.gained, MOVED.lost | LOST.lost),
        Effect(PHASES, Alone.PLANNED, 5.0, proven=False),
        Effect(QUOTA, Alone.NO_PLAN),
    )
    figures = {Figure.BENEFIT: (100.0, 90.0), Figure.SPENT: (1500.0, 900.4), Figure.SUPPORTED: (0, 0)}
    return Comparison(
        before=Side("/home/me/runs/first", "spring", date(2016, 8, 31), "Invented schools."),
        after=Side("/home/me/runs/second", "summer", date(2016, 8, 31), "Invented schools."),
        leaders=(MOVED, LOST, GAINED),
        lists=(ListChange(PlanList.WORRY, (1,), (2,), 10), ListChange(PlanList.SUPPORT, (), ())),
        figures=tuple(FigureChange(figure, *values) for figure, values in figures.items()),
        differences=(
            Difference(Differing.INPUT, "posts.csv (posts)", "a" * 64, "b" * 64),
            Difference(Differing.FORECAST, "forecast", None, None),
            Difference(Differing.VERSION, "pilotage", "1.0", "2.0"),
        ),
        settings=(CAP, TOP, QUOTA, PHASES),
        schools={1: HOSTILE, 2: "Beech"},
        attribution=Attribution(-10.0, effects, None, -2.66, reproduced=False),
    )
