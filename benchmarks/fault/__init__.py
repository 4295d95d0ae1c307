"""Faults put on small runs.

Read ``moments`` (when a fault strikes), ``bench`` (a place with processes), ``world`` (the small England and what
undisturbed commands make of it), ``kinds`` and ``forgetting`` (the faults), ``heal`` (what must hold afterwards).
"""

import os

os.environ.setdefault("JOBLIB_MULTIPROCESSING", "0")  # 1: models are trained in processes of their own, which is slower
