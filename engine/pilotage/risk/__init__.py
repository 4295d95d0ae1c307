"""The forecast: what is likely to fall, and why."""
