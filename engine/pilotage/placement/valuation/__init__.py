"""What each pair is worth, in pupil-months. Read ``benefit``, then ``benefit_draws`` and ``deprivation``."""
