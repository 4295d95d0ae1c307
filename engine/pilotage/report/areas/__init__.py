"""The state of the areas of a list: ``state`` reckons it, ``page`` shows it."""
