"""A comparison of two runs, and a run checked again, in words.

Read ``words``, then ``terminal``, ``facts`` (JSON), ``folder`` (CSV) and ``verified``.
"""
