"""The keys and words of each rule, a file each.

Read ``rule_model`` and ``priced``, then any rule, then ``catalogue``.
"""
