"""Records and shards that need not be built again: the last export, and how it is known."""
