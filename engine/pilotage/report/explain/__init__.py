"""A school or a leader explained, in words and tables: ``words`` of each part, then ``school``, ``leader``, ``json``."""
