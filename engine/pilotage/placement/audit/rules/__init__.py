"""What the audit knows of each rule, a file each. Read ``rule_audit`` above, then ``budget``, then ``catalogue``."""
