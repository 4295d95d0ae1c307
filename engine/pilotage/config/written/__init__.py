"""A scenario as its writer wrote it: bytes to text, text to nodes, each with its line. Read ``nodes`` first."""
