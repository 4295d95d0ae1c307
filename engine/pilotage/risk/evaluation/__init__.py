"""Forecasts compared with what came afterwards.

Read ``evaluate``, ``folds``, ``backtest`` and ``measures``, then ``gap_evaluate`` and ``gap_backtest``.
"""
