"""A leader erased: rows of tables that planners keep, and what the cache holds. Nothing says more than the leader's id.

Read ``tables``, then ``csv_rows`` and ``workbook_rows``, which keep a file's form; then ``stored``.
"""
