"""What a plan is compared with and explained by.

Read ``baselines``, ``shadow_prices``, ``alternatives``, ``reserves``, ``unplaced``.
"""
