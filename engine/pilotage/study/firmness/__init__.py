"""How firm each placement of a run is. Read ``judged`` first, then ``draws``, ``costs`` and ``each``."""
