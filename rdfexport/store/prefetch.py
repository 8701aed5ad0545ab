"""Makes the next item of a generator while the one before is dealt with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

T = TypeVar("T")


def prefetch(items: Generator[T]) -> Iterator[T]:
    """Give the items of a generator, which runs one item ahead in a thread of its own.

    Args:
        items: None of them is None. What the generator raises is raised here. It is closed in that
            thread as well, since what it holds open may be bound to the thread that opened it.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, items, None)
        try:
            while (item := coming.result()) is not None:
                coming = thread.submit(next, items, None)
                yield item
        finally:
            thread.submit(items.close).result()
