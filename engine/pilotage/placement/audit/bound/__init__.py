"""What is proven of every plan: the bound of the plan's duals, the audit's own search, and then the status."""
