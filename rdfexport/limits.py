"""What an input may be at most: the one table of limits on what is read of others.

Each is far beyond anything honest, and low enough that an input made to swell ends in a message.
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
"""Characters of what is said of a fault, which may quote a record."""

MAX_RDF_FILE_BYTES: Final = 16 * 1024**2
"""Bytes of a figure's file in a release, unpacked."""

MAX_RDF_RATIO: Final = 100
"""How many times its own size RDF may have unpacked: exports shrink about thirtyfold."""

MAX_LINE_BYTES: Final = 1 << 24
"""Bytes of a line of RDF, as much as the parser takes for a term."""
