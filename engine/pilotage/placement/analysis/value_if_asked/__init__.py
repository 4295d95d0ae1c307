"""What a post would be worth to the plan, at each school that someone could be asked about. Read ``values`` first, then
``what_if``, ``bound`` and ``resolve``.
"""
