"""A school or a leader explained in words and tables: read ``words``, then ``school``, ``leader`` and ``as_json``."""
