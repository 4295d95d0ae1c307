"""Many runs of the story: what a plan hangs on (``hangs_on``), two runs side by side (``compare``), a run checked."""
