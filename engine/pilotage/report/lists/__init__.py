"""The lists of a run: schools ranked, placements, leaders without a post, alternatives.

Read ``counted`` (benefits after sharing) first, then ``ranked_schools``, ``unplaced`` and ``alternatives``.
"""
