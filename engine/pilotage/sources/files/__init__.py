"""Files as downloaded.

Read ``raw`` (open), ``header`` and ``column_maps`` (recognise), ``values`` and ``read`` (read), then ``cache``,
``inventory`` and ``status``, which keep track of files.
"""
