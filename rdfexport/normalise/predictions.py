"""The ``annotations`` of a record → predictions.

They are terms that PFOCR predicted by enrichment of the figure's genes; its site shows entries with
``type``, ``value`` and ``parent`` (wikipathways/pfocr-database, ``_layouts``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdfexport.model import Prediction
from rdfexport.normalise.identities import Identities
from rdfexport.normalise.unknown import check_annotations
from rdfexport.normalise.values import is_unknown, type_name

if TYPE_CHECKING:
    from rdfexport.normalise.values import Fields

_NAME = "annotations"


def predictions(fields: Fields, value: object) -> tuple[Prediction, ...]:
    """The predictions of a record, in the order of its ``annotations``."""
    if is_unknown(value):
        return ()
    entries = value if isinstance(value, list) else [value]
    identities = Identities(_NAME)
    found = []
    rows = []
    for i, entry in enumerate(entries):
        path = f"{_NAME}[{i}]"
        if not isinstance(entry, dict):
            if not is_unknown(entry):
                fields.note(
                    path,
                    f"fields expected, found {type_name(entry)}, so it is not exported",
                    "write it as type and value",
                )
            continue
        rows.append((i, entry))
        kind, term, parent = (
            fields.name(entry.get(name), f"{path}.{name}") for name in ("type", "value", "parent")
        )
        if term is None:
            fields.note(path, "a prediction without value, so it is not exported", "fill in value")
            continue
        content = (kind, term, parent)
        identity = identities.name(identities.occurrence(*content), *content)
        found.append(Prediction(i, identity, kind, term, parent))
    check_annotations(fields, rows)
    return tuple(found)
