"""Pilotage: forecasts where school leadership will fall and places scarce leaders where they change most.

Read ``pipeline`` first, which tells the story, then the nouns in ``domain`` and ``case``, then the four wings in the
order of the story: ``sources``, ``risk``, ``placement``, ``report``. ``reviews`` looks at areas, files and forecasts.
"""

__version__ = "0.2.0"
