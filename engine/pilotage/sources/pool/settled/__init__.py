"""What planners have decided, from every table of it.

Read ``columns``, then ``tables`` and ``rows`` (a table read), ``details`` and ``decisions`` (tables put together).
"""
