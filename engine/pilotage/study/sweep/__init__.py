"""Many scenarios planned: serially, in parallel here, or on a cluster.

Read ``sweep``, then ``groups``, ``planned`` and ``finished``, ``local`` and ``cluster``, then ``effects`` and
``schools``.
"""
