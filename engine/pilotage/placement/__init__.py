"""The decision: rules, eligible pairs, their worth, the problem in integers, its solution, and the audit of it."""
