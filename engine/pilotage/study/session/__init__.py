"""A question changed and planned again and again on a screen, while what was read and forecast for it stays in memory.

Read ``question``, ``changes``, ``checking``, ``reading``, ``tried``, ``job``, then ``tables`` (planners' tables),
``answer_sheet`` (answers of a setup workbook), ``answered``, ``overlay`` and ``packs``.
"""
