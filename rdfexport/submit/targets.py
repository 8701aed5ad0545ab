"""The targets that a release can be submitted to, by kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from rdfexport.errors import UsageError
from rdfexport.printing import named, visible
from rdfexport.submit.fdp import Fdp
from rdfexport.submit.fdp_index import FdpIndex
from rdfexport.submit.fdp_static import StaticFdp
from rdfexport.submit.git import Git
from rdfexport.submit.sparql import Sparql
from rdfexport.submit.target import checked_url
from rdfexport.submit.zenodo import Zenodo

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdfexport.submit.target import Options, Target

_TARGETS: Final[dict[str, Callable[[str, Options], Target]]] = {
    "fdp": Fdp,
    "fdp-static": StaticFdp,
    "fdp-index": FdpIndex,
    "zenodo": Zenodo,
    "sparql": Sparql,
    "git": lambda place, _options: Git(place),
}
_FOLDERS: Final = ("fdp-static", "git")


def find_target(text: str, options: Options) -> Target:
    """The target that ``kind:place`` names.

    Raises:
        UsageError: It names none, or an address where a folder is needed.
    """
    kind, colon, place = text.partition(":")
    if not colon or kind not in _TARGETS or (not place and kind != "zenodo"):
        kinds = ", ".join(f"{kind}:…" for kind in _TARGETS)
        raise UsageError(f"--to {named(text)}: a target is one of {kinds}")
    if options.fdp_url is not None:
        checked_url(options.fdp_url)
    is_address = "://" in place or named(place) != visible(place)
    if kind in _FOLDERS and is_address and not Path(place).is_dir():
        raise UsageError(f"--to {named(text)}: name a folder of this machine, not an address")
    return _TARGETS[kind](place, options)
