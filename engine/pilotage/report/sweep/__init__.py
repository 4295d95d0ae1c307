"""A sweep in words: lists, JSON, page, terminal. Read ``words`` and ``lists``, ``folder``, then ``page`` and ``pictures``."""
