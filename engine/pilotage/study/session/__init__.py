"""A question changed and planned again and again on a screen, with what was read and forecast for it kept in memory.

Read ``question``, ``reading``, ``tried``, ``job``, then ``tables`` (planners' tables), ``answered`` and ``overlay``.
"""
