"""The synthetic England with a known truth.

Read ``build``, then what it calls in turn: ``map``, ``history``, ``results``, ``pool``; ``panel`` reads the sample.
"""
