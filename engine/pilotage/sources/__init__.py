"""Files in: from what a planner downloads to the nouns of the domain."""
