"""Options of a release."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdfexport.net.address import refuse_secrets
from rdfexport.pipeline import Linking, Validation
from rdfexport.release.make.shards import ShardOptions
from rdfexport.release.tables.gene_sets import SetOptions
from rdfexport.terms import IMAGE_PATTERN

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

REPORTS: Final = "reports"
"""The folder beside the releases for findings about the records of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseOptions:
    """Options of a release.

    Args:
        out: The root of the published site; the release is ``pfocr/{version}/`` in it.
        day: Its date, which is its version.
        base_url: Where ``out`` is published, ending in ``/``.
        source: Where the records come from, an IRI or a text.
        sparql_endpoint: Address of a SPARQL endpoint that will have the release.
        previous: An earlier release to compare it with: its folder or URL.
        signers: Who must have signed the earlier release, as OpenSSH lists allowed signers; None
            if nobody must.
        sign: The key to sign the release with; None to leave it unsigned.
        replace: Whether to replace a release of that version.
        jobs: Number of processes.
        sets: Options of the gene sets.
        linking: How identifiers are resolved; None for not at all.
        validation: How each figure is validated; None for not at all.
        image_pattern: The address of an image (see ``terms.Vocabulary``).

    Raises:
        UsageError: An address that would be published has a user, a password or a query.
    """

    out: Path
    day: date
    base_url: str
    source: str | None = None
    sparql_endpoint: str | None = None
    previous: str | None = None
    signers: Path | None = None
    sign: Path | None = None
    replace: bool = False
    jobs: int = 1
    sets: SetOptions = field(default_factory=SetOptions)
    linking: Linking | None = field(default_factory=Linking)
    validation: Validation | None = field(default_factory=Validation)
    image_pattern: str = IMAGE_PATTERN

    def __post_init__(self) -> None:
        stated = {
            "base_url": self.base_url,
            "source": self.source,
            "sparql_endpoint": self.sparql_endpoint,
        }
        for name, text in stated.items():
            if text is not None:
                refuse_secrets(text, f"--{name.replace('_', '-')}")

    @property
    def version(self) -> str:
        """The date as ``YYYYMMDD``."""
        return f"{self.day:%Y%m%d}"

    @property
    def reports(self) -> Path:
        """The folder of ``rejected.jsonl`` and ``warnings.jsonl``."""
        return self.out / REPORTS / self.version

    def shard_options(self, folder: Path) -> ShardOptions:
        """The options of the shards of the release, which are written to ``folder``."""
        return ShardOptions(
            folder,
            (self.day.year, self.day.month, self.day.day),
            self.sets,
            jobs=self.jobs,
            wikipathways=True,
            compat_rule=self.sets.rule,
            linking=self.linking,
            validation=self.validation,
            date=self.day.isoformat(),
            image_pattern=self.image_pattern,
        )
