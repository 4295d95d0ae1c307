"""Leaders, posts and known pairs.

``tables`` reads a planner's files, ``invented`` makes a synthetic pool, the rest check.
"""
