"""What a run writes: ranked lists, workbook, page, JSON and model cards.

Read ``folder``, then ``columns`` and ``words``, then ``lists``, ``run``, ``workbook``, ``areas`` and ``cards``.
"""
