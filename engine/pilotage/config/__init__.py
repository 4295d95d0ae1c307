"""Scenarios: their schema, and how overlays are merged.

Read ``scenario``, then ``overlay``, ``written`` (from text to values), ``refusals`` (what is wrong), then ``rules``.
"""
