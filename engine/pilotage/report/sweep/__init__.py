"""A sweep in words: lists, JSON, page, terminal.

Read ``words`` and ``lists``, then ``folder``, ``page`` and ``pictures``.
"""
