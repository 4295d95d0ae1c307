"""The audit: a plan proved again from the tables, without valuation, eligibility, formulation and solver."""
