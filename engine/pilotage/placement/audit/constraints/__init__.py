"""The constraints of the problem, compared with those that the rules ask for.

Read ``comparison``, then ``variables``, then ``added_rows`` (cutting planes).
"""
