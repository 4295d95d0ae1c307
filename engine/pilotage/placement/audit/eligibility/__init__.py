"""Who may go where, derived again.

Read ``single_pairs`` (a pair by itself), ``groups`` (a pair because of other pairs), then ``sample``, which draws pairs
and compares.
"""
