"""Inputs drawn at random: one module for each kind, and what every one of them must come to (``outcome``)."""
