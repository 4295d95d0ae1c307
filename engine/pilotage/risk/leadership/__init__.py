"""Whether leadership is found below good at the next inspection: read ``forecast``, ``labels``, ``hazard``."""
