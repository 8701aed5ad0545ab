"""Making a release: records in, a dated folder of files out."""
