"""The disadvantage gap at the horizon: read ``forecast``, ``level``, then ``trend`` or ``transition``."""
