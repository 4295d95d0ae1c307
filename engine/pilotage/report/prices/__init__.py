"""The prices of a run in words and files. Read ``words`` first, then ``terminal``, ``price_rows`` and ``folder``."""
