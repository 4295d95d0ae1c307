"""The synthetic England with a known truth.

``build`` tells the story: ``map``, ``history``, ``results``, ``pool``, ``panel``.
"""
