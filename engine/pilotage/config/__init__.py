"""Scenarios: their schema, and how overlays are merged.

Read ``scenario``, then ``overlay``, ``written`` (from text to values), ``refusals`` (what is wrong), then ``rules``,
and ``setting_words`` (what differs between two scenarios, in words).
"""
