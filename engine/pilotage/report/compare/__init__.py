"""A comparison of two runs, and a run checked again, in words.

Read ``words``, then ``terminal``, ``as_json``, ``cells``, ``page``, ``change_rows`` (CSV), ``folder``, ``verified``.
"""
