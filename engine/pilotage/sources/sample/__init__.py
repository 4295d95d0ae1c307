"""The synthetic England with a known truth.

Read ``build``, then what it calls in turn: ``map``, ``history`` (with ``heads``), ``results``, ``pool``, ``leaders``.
``world`` has the settings of the truth; ``panel`` reads the sample.
"""
