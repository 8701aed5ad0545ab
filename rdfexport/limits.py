"""The one table of limits on inputs.

Each is far beyond any honest input, and low enough that a decompression bomb ends in a message.
"""

from __future__ import annotations

from typing import Final

MAX_RECORD_BYTES: Final = 4 * 1024**2
"""Bytes of a record or a table, unpacked: records have about 5 KB."""

MAX_RECORDS_RATIO: Final = 200
"""How many times its own size an archive may have unpacked: records shrink about tenfold."""

FREE_RECORDS_BYTES: Final = 64 * 1024**2
"""Bytes that any archive may have unpacked beyond that."""

MAX_ROWS: Final = 100_000
"""Rows of a table, or of a list in the front matter."""

MAX_IDENTIFIERS: Final = 1_000
"""Identifiers in one cell."""

MAX_TRIPLES: Final = 250_000
"""Triples of one part of a figure's graph, which is one file of it."""

MAX_MESSAGE: Final = 1_000
"""Characters of a message about a fault, which may quote a record."""

MAX_RDF_FILE_BYTES: Final = 16 * 1024**2
"""Bytes of a figure's file in a release, unpacked."""

MAX_RDF_RATIO: Final = 100
"""How many times its own size RDF may have unpacked: exports shrink about thirtyfold."""

FREE_RDF_BYTES: Final = 16 * 1024**2
"""Bytes that any file of RDF may have unpacked beyond that."""

MAX_LINE_BYTES: Final = 1 << 24
"""Bytes of a line of RDF, as much as the parser takes for a term."""

MAX_NESTING: Final = 64
"""How deep triple terms, or the values of JSON, may be nested."""

MAX_XML_TRIPLE_TERMS: Final = 1_000
"""Triple terms in a document of RDF/XML."""

FREE_MEMBER_BYTES: Final = 1024**2
"""Bytes that any member of a release's archive may have unpacked beyond that."""

MAX_VALIDATED_BYTES: Final = 1024**3
"""Bytes of a file that is validated, unpacked: it is held in memory."""

MAX_LIST_BYTES: Final = 16 * 1024**2
"""Bytes of ``SHA256SUMS`` or ``release.json``: a release has some hundreds of files."""

MAX_SIGNATURE_BYTES: Final = 64 * 1024
"""Bytes of the signature of a release."""

MAX_SITE_MEMBER_BYTES: Final = 64 * 1024**2
"""Bytes of a member of an archive that a site is made of."""

MAX_NAMES: Final = 10_000
"""Properties and classes of a release."""

MAX_DESCRIPTION_BYTES: Final = 8 * 1024**2
"""Bytes of a file that describes a release."""

MAX_CELL_CHARACTERS: Final = 1 << 20
"""Characters of a cell in the table of mentions, and bytes of a line in a gene set file."""

MAX_TABLE_LINE_BYTES: Final = 1 << 20
"""Bytes of a line of a published table of identifiers."""

MAX_PACKING_LAYERS: Final = 3
"""How often an archive may be compressed: a server may compress a compressed file again."""

MAX_LINKS: Final = 40
"""How many links of an archive may lead to one another: as many as Linux follows."""

MAX_QUERY_NESTING: Final = 200
"""How deep a query may be nested."""

MAX_QUERY_OPERATORS: Final = 1_000
"""Operators of a query."""
