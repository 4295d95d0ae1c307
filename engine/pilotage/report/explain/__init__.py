"""A school or a leader explained in words and tables. Read ``words``, then ``school``, ``leader`` and ``as_json``."""
