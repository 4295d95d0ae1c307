"""The decision: who may go where, what it is worth, and the proven best plan."""
