"""Makes dated releases: bundles, descriptions, checksums, and what changed since the last one."""
