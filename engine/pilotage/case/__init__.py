"""What one run knew, decided and audited, as one noun: ``record``."""
