"""Who may go where, and why nobody may where nobody may.

Read ``pairs``, then ``closed_posts``, ``kinds``, ``reach`` and ``pruning``.
"""
