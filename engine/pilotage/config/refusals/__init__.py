"""What is wrong with a scenario, in a planner's words. Read ``faults``, then ``allowed`` and ``hints``."""
