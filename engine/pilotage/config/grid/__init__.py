"""The grid file of a sweep: many settings of one scenario. Read ``file``, then ``draws`` and ``members``."""
