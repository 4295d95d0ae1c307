"""A file as bytes and rows, within limits: what it is and what is in it is told before it is read.

Read ``contents`` first (bytes, or the one file inside a zip), then ``archive`` and ``far_cells`` (what a workbook would
unpack to), then ``decoded`` and ``text_rows`` (a text as rows of cells).
"""
