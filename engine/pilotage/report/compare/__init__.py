"""A comparison of two runs, and a run checked again, in words: terminal, JSON, CSV, page."""
