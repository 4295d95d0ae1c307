"""Many runs of the story: what a plan hangs on (``firmness``), two runs side by side (``compare``), a run checked."""
