"""Whether the next inspection finds leadership below good, and when it comes.

Read ``forecast``, ``training`` and ``labels``, then ``hazard``.
"""
