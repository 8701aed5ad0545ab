"""Descriptions of a release: VoID, DCAT, schema.org, RO-Crate."""
