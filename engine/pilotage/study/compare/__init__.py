"""Two runs side by side: what differs, and which setting makes it.

Read ``runs``, ``settings``, ``attribution`` and ``replan``.
"""
