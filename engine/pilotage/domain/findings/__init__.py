"""What the wings say and ``report`` shows: the state of areas, back-tests, leaders without a post, shared pupils.

``areas`` is the noun, and ``area_state`` reckons it from the panel.
"""
