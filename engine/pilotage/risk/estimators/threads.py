"""One thread of linear algebra, so that a fit is the same to the last bit whatever the number of cores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits


@contextmanager
def one_thread() -> Iterator[None]:
    """Let the linear algebra that is loaded use one thread: sums in another order have other last bits."""
    with threadpool_limits(limits=1, user_api="blas"):
        yield
