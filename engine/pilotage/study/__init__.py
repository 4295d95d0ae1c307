"""Many runs of the story.

Read ``firmness`` (what a plan hangs on), ``explain``, ``compare``, ``verify`` and ``check``.
"""
