"""Reads and validates a SSSOM/TSV file; run by the Python that has the package sssom."""

from __future__ import annotations

import json
import sys

from sssom.parsers import parse_sssom_table
from sssom.validators import validate

mappings = parse_sssom_table(sys.argv[1])
columns = ["subject_id", "predicate_id", "object_id", "mapping_justification"]
problems = [
    f"{kind}: {result.message}"
    for kind, report in validate(mappings, fail_on_error=False).items()
    for result in report.results
]
json.dump({"mappings": mappings.df[columns].values.tolist(), "problems": problems}, sys.stdout)
