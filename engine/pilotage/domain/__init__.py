"""Nouns of the domain: frozen, validated, without input or output."""
