"""Verifying a release: checksums, facts, contents, and that its files agree."""
