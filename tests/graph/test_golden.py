"""Three records in every detail: the project's first one, and two of the newer form.

The expected files were read line by line against ``docs/mapping.md``. After a wanted change of the
mapping, ``UPDATE_GOLDEN=1 pytest tests/graph/test_golden.py`` writes them again: read the diff.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from rdfexport import ExportOptions, export
from support.paths import GOLDEN, ROOT

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = (
    "PMC3811159__nihms512981f2",
    "PMC10034769__fphar-14-1067402-g009",
    "PMC10036500__ga1",  # genes of three species
)


@pytest.mark.parametrize("figid", RECORDS)
def test_a_record_is_exported_as_it_was_reviewed(figid: str, tmp_path: Path) -> None:
    options = ExportOptions(tmp_path, wikipathways=True, compat_rule="all", date="2026-01-01")
    export([str(ROOT / "examples" / "_figures" / f"{figid}.md")], options)
    written = {
        f"{figid}.ttl": tmp_path / "core" / f"{figid}.ttl",
        f"{figid}.jsonld": tmp_path / "core" / f"{figid}.jsonld",
        f"{figid}.wp.ttl": tmp_path / "wp" / f"{figid}.ttl",
        f"{figid}.linkset.ttl": tmp_path / "linkset" / "linkset.ttl",
    }
    for name, path in written.items():
        if os.environ.get("UPDATE_GOLDEN"):
            shutil.copy(path, GOLDEN / name)
        assert path.read_text("utf-8") == (GOLDEN / name).read_text("utf-8"), name
