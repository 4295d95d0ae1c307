"""Scenarios: their schema, and how overlays are merged. Read ``scenario``, then ``overlay``, then ``rules``."""
