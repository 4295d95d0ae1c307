"""The decision in integers.

Read ``problem``, then ``capacities``, ``pins``, ``shared_pupils`` and ``equity``, then ``coefficients``,
``magnitudes`` and ``consistent``; ``own_problem`` states a problem from a table of pairs.
"""
