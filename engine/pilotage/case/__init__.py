"""What is known before deciding, what a run leaves behind, and a run folder read back.

Read ``case`` and ``record``, then ``run_folder`` and ``read_back``, then ``reload``.
"""
