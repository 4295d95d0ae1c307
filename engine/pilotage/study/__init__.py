"""Many runs of the story.

<<<<<<< HEAD
Read ``hangs_on`` (what a plan hangs on), ``firmness``, ``prices``, ``explain``, ``compare``, ``verify`` and ``check``.
=======
Read ``firmness`` (what a plan hangs on), ``explain`` and ``compare``, then ``sweep`` (many scenarios), ``check`` and
``verify``.
>>>>>>> h-sweep18
"""
