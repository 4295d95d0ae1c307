"""The words, the workbook and the JSON of one run.

Read ``plan_json`` first, then ``workbook``; the rest hold their words.
"""
