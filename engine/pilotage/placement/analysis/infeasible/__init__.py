"""Rules that no plan keeps together: the smallest set (``conflict``), and what may be let go (``corrections``)."""
