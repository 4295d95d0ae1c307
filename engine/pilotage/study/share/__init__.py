"""A pack made for one reader from a run folder: a trust, an authority, or the charity's trustees.

Read ``pack``, then ``audience`` (whom a word means), ``body`` (its schools) and ``trustees`` (areas and totals).
"""
