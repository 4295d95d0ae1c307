"""Who may go where, and for each post that nobody may take, why.

Read ``pairs``, then what it calls in turn: ``closed_posts``, ``kinds``, ``reach``, ``pruning``, ``supportable``,
``broken``.
"""
