"""Nouns of the domain: frozen, validated, without input or output.

Read ``panel``, ``outcomes``, ``forecast`` and ``plan``, in the order of the story; then ``units`` and ``tables``.
"""
