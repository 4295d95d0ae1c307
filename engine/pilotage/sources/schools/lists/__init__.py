"""What Ofsted's lists say when they are read together.

Read ``reading``, then ``inspections``, ``visits``, ``contradictions`` and ``notes``.
"""
