"""Explain a run: why a school or a leader is in its plan or not, and what it would cost to change that.

Read ``opened`` first, then ``school`` and ``leader``, then what they share: ``names``, ``options``, ``changes``.
"""
