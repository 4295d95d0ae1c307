"""Many runs of the story.

Read ``hangs_on`` (what a plan hangs on), ``firmness``, ``prices``, ``explain``, ``compare``, ``verify`` and ``check``.
"""
