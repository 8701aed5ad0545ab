"""An internet of two servers: 127.0.0.2 is a public address, and 127.0.0.1 a private one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rdfexport.net import address

if TYPE_CHECKING:
    from collections.abc import Callable

PUBLIC = "127.0.0.2"


@pytest.fixture
def internet(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Make one address public; returns what makes the URL of a server on 127.0.0.1 public.

    The server is to listen on both, as one on 0.0.0.0 does.
    """
    monkeypatch.setattr(address, "is_public_address", lambda ip: ip == PUBLIC)
    return lambda url: url.replace("127.0.0.1", PUBLIC)
