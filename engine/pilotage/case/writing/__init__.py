"""Folders written whole or not at all.

Read ``target`` (what may be written where), then ``whole``, which uses ``workspace``.
"""
