"""What the wings say and ``report`` shows: the state of areas, back-tests, leaders without a post, shared pupils."""
