"""How the state of the areas of a list is written. Read ``columns``, then ``page``."""
