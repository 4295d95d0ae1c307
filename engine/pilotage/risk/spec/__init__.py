"""The specs of outcomes (spec.yaml in each folder of models), checked.

Read ``load``, then ``outcome``, ``leadership`` and ``gap``.
"""
