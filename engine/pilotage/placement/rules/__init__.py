"""The rules of a scenario, a file each: what it bars or the constraints that it adds.

Read ``constraint``, then any rule.
"""
