"""What the wings find out and reports show: areas, back-tests, leaders without a post, shared pupils.

Read ``areas`` before ``area_state``, which computes it; the other modules stand alone.
"""
