"""Makes a static site of a release: a page a figure, lists to browse, and search."""

from rdfexport.site.build import SiteOptions, Summary, build

__all__ = ["SiteOptions", "Summary", "build"]
