"""Many runs of the story.

Read ``hangs_on`` (what a plan hangs on), ``firmness``, ``prices``, ``explain`` and ``compare``, then ``sweep`` (many
scenarios), ``what_if``, ``beyond``, ``repair``, ``check`` and ``verify``.
"""
