"""Worker processes: their jobs, whose turn it is, what they may not do, and what they answer."""
