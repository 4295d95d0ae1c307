"""Two runs side by side: what differs, and which setting makes it: ``runs``, ``settings``, ``attribution``."""
