"""A planner's table as a file holds it: a grid of cells, the table inside it, and what the text of a cell means.

Read ``grid`` first (what every file becomes), then ``text_file`` and ``workbook`` (how it becomes so), ``locate``
(where the table is), then ``kinds`` with ``numbers``, ``days`` and ``choices``.
"""
