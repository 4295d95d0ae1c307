"""What the audit knows of each rule, a file each. Read ``budget``, then any other rule, then ``catalogue``."""
