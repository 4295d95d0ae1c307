"""The step Question: a form of the settings that planners change, and whether the rules go together.

Read ``question``, then ``limits``, ``pairs`` and ``together``.
"""
