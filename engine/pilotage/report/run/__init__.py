"""The page, the workbook and the JSON of one run.

Read ``plan_json`` first, then ``page`` and ``workbook``; the rest hold their words.
"""
