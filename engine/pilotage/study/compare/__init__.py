"""Two runs side by side: what differs, and and which setting makes it: ``runs``, ``settings``, ``attribution``."""
