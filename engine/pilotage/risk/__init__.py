"""Risk: a school panel as of a date -> a forecast of every outcome, and its back-test.

Read ``forecast`` first, then the folders in the order of the story: ``features``, ``spec``, ``estimators``,
``leadership``, ``gap``, ``evaluation``.
"""
