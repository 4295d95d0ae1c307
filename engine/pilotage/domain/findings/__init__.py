"""What the wings find out and reports show: of a plan, areas, back-tests, leaders without a post, shared pupils.

Read ``explanation`` (what is said of a plan) first, and ``areas`` before ``area_state``, which computes it; the other
modules stand alone.
"""
