"""Why a pair is not in a plan: what bars it (``barriers``), and what the plan loses where it is forced in."""
