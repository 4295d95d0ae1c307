"""The setup workbook: a scenario with its leaders, posts and answers in one Excel file.

Read ``questions`` (what it asks), ``scenario`` (what its answers stand for), ``as_yaml`` (the same as a file), then
``book`` and ``example`` (a new workbook), ``table_faults`` and ``corrections`` (its faults, and the copy in which they
are marked) and ``answer_cells`` (the workbook with other answers).
"""
