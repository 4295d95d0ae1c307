"""A pack for one reader as files: lists, a page, and a sheet for each school's governors.

Read ``words`` (what is said), ``school_rows`` and ``area_rows`` (the lists; ``small_numbers`` hides what is too small),
then ``page``, ``workbook``, ``read_me`` and ``folder``.
"""
