"""Folders of the project that tests read."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
EXAMPLES = ROOT / "examples"
GOLDEN = TESTS / "golden"
FINDINGS = TESTS / "findings"
TLS = TESTS / "data" / "tls"
