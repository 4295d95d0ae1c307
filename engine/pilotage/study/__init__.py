"""Many runs of the story.

Read ``firmness`` (what a plan hangs on), ``explain`` and ``compare``, then ``sweep`` (many scenarios), ``check`` and
``verify``.
"""
