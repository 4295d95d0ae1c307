"""Rules that no plan keeps together: the smallest set of them (``conflict``), and what may be let go (``corrections``)."""
