"""Tables of a release: mentions (Parquet), gene and chemical sets (GMT)."""
