"""What each change of a run is worth, alone and exactly.

Read ``base`` first, then ``asked``, ``typical``, ``changed``, ``answered`` and ``together``.
"""
