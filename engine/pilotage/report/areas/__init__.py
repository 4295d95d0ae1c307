"""The state of the areas of a list: ``state`` writes its tables, ``page`` shows it."""
