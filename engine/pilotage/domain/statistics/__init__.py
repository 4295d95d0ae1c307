"""Arithmetic on samples and draws, each once; it knows nothing of schools."""
