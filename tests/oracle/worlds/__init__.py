"""Drawn worlds, tables in and plan out, and an independent model of what the documentation of the rules says."""
