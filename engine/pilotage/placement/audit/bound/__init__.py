"""What is proven of every plan. Read ``dual_bound``, then ``exact_search``, then ``status``."""
