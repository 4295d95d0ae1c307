"""Pilotage: forecasts where school leadership will fall and places scarce leaders where they change most."""

__version__ = "0.1.0"
