"""What pairs are worth, computed again.

Read ``counterfactual`` and ``pair_values``, then ``objective``, then ``shared_pupils``.
"""
