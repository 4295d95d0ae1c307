"""What a plan is compared with and explained by.

Read ``baselines``, ``shadow_prices``, ``alternatives`` and ``reserves``, then ``unplaced`` with ``no_post``;
``impossible`` and ``conflicts`` name what cannot hold.
"""
