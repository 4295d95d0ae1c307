"""How firm each placement of a run is. Read ``judged`` first, then ``draws``, ``costs`` and ``each``.

What the whole plan hangs on is another question: ``study.hangs_on``.
"""
