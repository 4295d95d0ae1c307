"""The setup workbook: a scenario with its leaders, posts and answers in one Excel file.

Read ``questions`` (what it asks), ``scenario`` (what its answers stand for), ``as_yaml`` (the same as a file), then
``book`` and ``example`` (a new workbook) and ``corrections`` (the copy in which its faults are marked).
"""
