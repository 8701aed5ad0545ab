"""A record as read → one typed `FigureRecord`, whichever form it had."""

from rdfexport.normalise.figure import normalise, organisms
from rdfexport.normalise.mentions import MATCH_TYPES

__all__ = ["MATCH_TYPES", "normalise", "organisms"]
