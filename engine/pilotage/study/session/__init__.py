"""A question changed and planned again and again on a screen, while what was read and forecast for it stays in memory.

Read ``question``, ``changes``, ``reading``, ``tried``, ``job``, then ``tables`` (planners' tables), ``answered``,
``overlay`` and ``packs``.
"""
