"""The audit: a plan proved again from the tables, without valuation, eligibility, formulation and solver.

Read ``case`` (what is given, what is claimed), ``rule_audit`` and a rule in ``rules``, then ``audit``, which calls the
rest in turn: ``eligibility``, ``values``, ``recount``, ``constraints``, ``bound``.
"""
