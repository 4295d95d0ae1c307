"""Problem to plan, with its proof.

Read ``solve``, ``column_generation``, ``reduced_cost_fixing``, ``integer_phase``, ``mip``; then ``cvar`` and
``symmetry``.
"""
