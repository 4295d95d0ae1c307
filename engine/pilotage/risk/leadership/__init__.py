"""Whether the next inspection finds leadership below good: read ``forecast``, ``training``, ``labels``, ``hazard``."""
