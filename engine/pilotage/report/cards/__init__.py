"""Model cards: how good the forecasts were, as a page for each outcome.

Read ``card`` first, then ``words`` and ``summary``.
"""
