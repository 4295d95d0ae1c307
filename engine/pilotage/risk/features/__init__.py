"""What was known of a school on a day, as numbers.

Read ``declared`` (the grammar) and ``compute``, then ``inspections``, ``yearly`` and ``neighbours``.
"""
