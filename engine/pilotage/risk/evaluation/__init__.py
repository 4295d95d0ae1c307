"""Forecasts against what came afterwards: read ``evaluate``, ``folds``, ``backtest``, ``measures``, then the gap's."""
