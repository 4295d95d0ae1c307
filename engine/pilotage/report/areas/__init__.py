"""How the state of the areas of a list is written. Read ``state`` (columns of its tables), then ``page``."""
