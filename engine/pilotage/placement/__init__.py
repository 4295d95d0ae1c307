"""The decision: rules, eligible pairs, their benefit, the problem in integers, its plan, and the audit of it.

Read ``context`` and ``candidates``, then the folders in the order of the story: ``rules``, ``eligibility``,
``valuation``, ``formulation``, ``solver``, ``audit``, ``analysis``.
"""
