"""The prices of a run in words, on the terminal, as JSON and as a folder: read ``words`` first, then ``terminal``, ``facts`` and ``folder``."""
