"""Model cards: how good the forecasts were, as a page for each outcome.

Read ``card`` first, then ``results``, ``groups`` and ``stability`` (its sections), ``words`` and ``summary``.
"""
