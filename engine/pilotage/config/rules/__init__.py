"""The rules of a scenario, a file each. Read ``priced``, then any rule, then ``catalogue``."""
