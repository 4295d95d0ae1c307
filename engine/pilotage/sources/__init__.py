"""Files in: from what a planner downloads to the nouns of the domain.

Read ``assemble``, then ``files``, ``cells``, ``schools`` and ``pool``; ``sample`` makes the synthetic England.
"""
