"""The folder that an export is written to: its files, those of the last export, who may write."""
