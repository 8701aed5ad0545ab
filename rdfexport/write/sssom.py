"""Mappings between identifiers as SSSOM/TSV (https://mapping-commons.github.io/sssom/spec-formats-tsv/)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from rdfexport.terms import spaces_of
from rdfexport.version import __version__
from rdfexport.write.files import OutputFile
from rdfexport.write.rows import tsv_line

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from rdfexport.mapping import Equivalence
    from rdfexport.model import ReferenceTables
    from rdfexport.terms import Vocabulary

COLUMNS: Final = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "mapping_provider",
)
_SPACES: Final = spaces_of("genes", "chemicals", "diseases")
# By the reference table; most are named after the space that they describe.
_PROVIDERS: Final = {
    "": "https://pfocr.wikipathways.org/",
    "mesh-chebi": "https://biopragmatics.github.io/biomappings/",
    **{space.name: space.provider or "" for space in _SPACES},
}


class SssomFile:
    """A file of mappings that appears whole when it is done.

    Args:
        path: Its name.
        vocabulary: Gives CURIEs and their namespaces.
        tables: The reference tables that the mappings are from.
    """

    def __init__(self, path: Path, vocabulary: Vocabulary, tables: ReferenceTables) -> None:
        self._file = OutputFile(path)
        self._vocabulary = vocabulary
        self._tables = tables

    def __enter__(self) -> Self:
        self._file.__enter__()
        import yaml  # noqa: PLC0415 - slow to import, and only mappings need it

        head = yaml.safe_dump(self._metadata(), sort_keys=False, width=1000, allow_unicode=True)
        self._file.write("".join(f"#{line}\n" for line in head.splitlines()))
        self._file.write(tsv_line(COLUMNS))
        return self

    def add(self, mapping: Equivalence) -> None:
        """Write a mapping; they are to come sorted."""
        curie = self._vocabulary.curie
        row = (
            curie(mapping.subject_space, mapping.subject),
            mapping.subject_label,
            mapping.predicate,
            curie(mapping.object_space, mapping.object),
            mapping.object_label,
            mapping.justification,
            _PROVIDERS[mapping.table],
        )
        self._file.write(tsv_line(row))

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.__exit__(kind, error, trace)

    def _metadata(self) -> dict[str, object]:
        namespaces = dict(self._vocabulary.namespace(space.name) for space in _SPACES)
        for prefix in ("dcterms", "skos"):
            namespaces[prefix] = self._vocabulary.prefixes[prefix]
        namespaces["RO"] = self._vocabulary.prefixes["obo"] + "RO_"
        namespaces["semapv"] = "https://w3id.org/semapv/vocab/"
        return {
            "mapping_set_id": f"{self._vocabulary.graph_base}mappings/{self._tables.digest}",
            "mapping_set_title": "Mappings between the identifiers in PFOCR's figures",
            "mapping_set_version": self._tables.digest,
            "mapping_tool": "rdfexport",
            "mapping_tool_version": __version__,
            "license": "https://creativecommons.org/licenses/by/4.0/",
            "comment": "; ".join(
                f"{table.name} of {table.date} ({table.source}; {table.licence})"
                for table in self._tables.tables
            ),
            "curie_map": dict(sorted(namespaces.items())),
        }
