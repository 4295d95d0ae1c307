"""Leaders, posts and known pairs.

Read ``tables``, which reads a planner's files, then ``invented``, which makes a synthetic pool; the rest check.
"""
