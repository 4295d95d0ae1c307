"""Many runs of the story: what a plan hangs on. Read ``firmness``, then ``equal_risks``."""
