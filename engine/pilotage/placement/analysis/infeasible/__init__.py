"""Rules that no plan keeps together: the smallest set, and what may be let go.

Read ``conflict`` and ``corrections``, then ``hitting``, ``groups``, ``slack`` and ``feasibility``.
"""
