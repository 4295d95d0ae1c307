"""The leaders, the posts, and what is known of both: the scenario's key `pool`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from pilotage.config.part import Label, Part, Seed
from pilotage.config.prospects import Prospects

PairState = Literal["offered", "accepted", "started"]
Files = Path | Annotated[tuple[Path, ...], Field(min_length=1)]


class Pool(Part):
    """The leaders and the posts."""

    source: Annotated[Literal["files", "synthetic"], Label("Source of leaders and posts")]
    """`files`: leaders and posts from tables. `synthetic`: invented over the real map from a seed, and stamped so."""
    leaders: Annotated[Path | None, Label("Leaders", "the sample's")] = None
    """CSV of leaders; empty = the sample's."""
    posts: Annotated[Path | None, Label("Posts", "the sample's")] = None
    """CSV of posts; empty = the sample's."""
    added_posts: Annotated[Files | None, Label("Posts beside the others")] = None
    """CSV or Excel file of posts beside the others, in the same columns, or a list of such files (`--with-post`)."""
    pairs: Annotated[Files | None, Label("What is known of pairs of leader and post")] = None
    """CSV or Excel file of what is known of pairs of leader and post already, or a list of such files."""
    asks: Annotated[Files | None, Label("Answers to asks")] = None
    """What was answered to asks: the `asks.csv` of a run, filled in; or a list of such files, put together."""
    decisions: Annotated[Files | None, Label("Decisions about leaders and posts")] = None
    """What was decided about leaders and posts, or a list of such files, of which the later holds (`--decisions`)."""
    schools: Annotated[Path | None, Label("What planners know of schools")] = None
    """CSV or Excel file of what planners know of schools: support, posts advertised again, consent of the body."""
    leave_out: Annotated[tuple[str, ...], Label("Leaders left out")] = ()
    """Leaders left out of this run, by leader_id."""
    binding_states: Annotated[tuple[PairState, ...], Label("States of a known pair that hold the placement")] = (
        "accepted",
        "started",
    )
    """Which states of a known pair hold the placement, as a pin does; `refused` always bars it, as a ban does."""
    size: Annotated[int, Field(ge=1, le=10000)] = 100
    """Number of synthetic leaders."""
    posts_per_leader: Annotated[
        Annotated[float, Field(gt=0, le=100)] | None, Label("Synthetic posts for each synthetic leader")
    ] = None
    """Number of synthetic posts for each synthetic leader; empty = no posts are invented, see `prospects`."""
    seed: Seed = 1
    """Seed of the synthetic pool."""
    prospects: Annotated[Prospects | None, Label("Posts that may come open", "only those of the table")] = None
    """Posts that may come open at every school in scope, beside those of the table; empty = only the table's."""

    @model_validator(mode="after")
    def _of_one_source(self) -> Self:
        given = [name for name in ("leaders", "posts") if getattr(self, name) is not None]
        if self.source == "synthetic" and given:
            raise ValueError(f"is synthetic and names a file of {' and of '.join(given)}: give one of the two")
        return self

    @property
    def files_of_added_posts(self) -> tuple[Path, ...]:
        """Return the tables of added posts."""
        return _each(self.added_posts)

    @property
    def files_of_decisions(self) -> tuple[Path, ...]:
        """Return the tables of decisions, the later ones last."""
        return _each(self.decisions)

    @property
    def files_of_pairs(self) -> tuple[Path, ...]:
        """Return the tables of pairs."""
        return _each(self.pairs)

    @property
    def files_of_asks(self) -> tuple[Path, ...]:
        """Return the tables of answers to asks."""
        return _each(self.asks)


def _each(named: Files | None) -> tuple[Path, ...]:
    if named is None:
        return ()
    return (named,) if isinstance(named, Path) else named
