"""The disadvantage gap at the horizon.

Read ``forecast`` and ``level``, then the two ways to forecast its change: ``trend`` and ``transition``.
"""
