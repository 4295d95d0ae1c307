"""Files as downloaded.

``raw`` opens them, ``header`` and ``column_maps`` recognise them, ``values`` and ``read`` read them, ``cache``,
``inventory`` and ``status`` keep track of them.
"""
