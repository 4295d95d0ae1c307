"""report.xlsx: the lists of a run in Excel, with cells to type in that the next run reads.

Read ``book`` first, then ``first_sheet``, ``sheets``, ``lists`` and ``typed``; ``looks``, ``printed`` and
``basis_sheets`` hold the rest.
"""
