"""Scenarios: their schema, and how overlays are merged."""
