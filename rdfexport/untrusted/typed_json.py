"""JSON from elsewhere as typed values: msgspec checks every field, and errors name its path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

Count = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
"""A number of things or bytes."""


def decode(data: bytes, kind: type[T]) -> T:
    """Decode JSON.

    Args:
        data: The text, in UTF-8.
        kind: The type that it must have.

    Raises:
        ValueError: It is not JSON, is nested too deep, or a value has another type; the message
            has the path of the value, such as ``$.files[3].size``.
    """
    return _translate_errors(lambda: msgspec.json.decode(data, type=kind))


def convert(value: Any, kind: type[T]) -> T:
    """Check the types of decoded JSON.

    Raises:
        ValueError: A value has another type; the message has its path.
    """
    return _translate_errors(lambda: msgspec.convert(value, kind))


def _translate_errors(call: Callable[[], T]) -> T:
    try:
        return call()
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error
