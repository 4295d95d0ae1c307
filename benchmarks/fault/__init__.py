"""Faults put on small runs.

Read ``moments`` (when a fault strikes), ``bench`` (a place with processes), ``world`` (the small England and what
undisturbed commands make of it), ``kinds`` and ``forgetting`` (the faults), ``heal`` (what must hold afterwards).
"""
