"""The prices of a run in words and files. Read ``words`` first, then ``terminal``, ``facts`` and ``folder``."""
