"""What each pair is worth, in pupil-months.

Read ``counterfactual``, then ``otherwise`` and ``benefit``; then ``factors`` with ``leader_effects`` and
``acceptance``; then ``yearly``, ``benefit_draws`` and ``assumptions``.
"""
