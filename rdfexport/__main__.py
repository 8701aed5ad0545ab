"""``python -m rdfexport``."""

from rdfexport.cli import main

main()
