"""The page and the JSON of one run.

Read ``plan_json`` first, then ``page``; the rest hold their words.
"""
