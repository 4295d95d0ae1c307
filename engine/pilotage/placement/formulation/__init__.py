"""The decision in integers.

Read ``problem``, then ``capacities``, ``pins``, ``shared_pupils`` and ``equity``, then ``coefficients`` and
``magnitudes``.
"""
