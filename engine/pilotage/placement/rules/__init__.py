"""What each rule bars, or the constraints that it adds, a file each.

Read ``traits`` and ``constraint``, then any rule, then ``catalogue``.
"""
