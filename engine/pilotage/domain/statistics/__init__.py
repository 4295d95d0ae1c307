"""Arithmetic on samples and draws, each once; it knows nothing of schools.

Read ``intervals``, then ``bands`` and ``cvar`` (the worst draws of a plan).
"""
