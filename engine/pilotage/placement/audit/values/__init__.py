"""What pairs are worth, computed again. Read ``pair_values``, then ``objective``, then ``shared_pupils``."""
