"""The words and the JSON of one run.

Read ``plan_json`` first; the rest hold the words of page, workbook and terminal.
"""
