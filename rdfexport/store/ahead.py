"""Reading ahead: the next item is made while the one before is dealt with."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

T = TypeVar("T")


def ahead(items: Generator[T]) -> Iterator[T]:
    """Give the items of a generator, which runs one item ahead in a thread of its own.

    What it raises is raised here. It is closed in that thread as well, since what a generator holds
    open may know the thread that opened it.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        coming = thread.submit(next, items, None)
        try:
            while (item := coming.result()) is not None:
                coming = thread.submit(next, items, None)
                yield item
        finally:
            thread.submit(items.close).result()
