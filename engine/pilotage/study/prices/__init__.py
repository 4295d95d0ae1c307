"""What each change of a run is worth, alone and exactly. Read ``asked`` first, then ``typical``, ``changed``, ``answered`` and ``together``."""
