"""Differences between two releases, and the files that list them."""
