"""How firm each placement is: sentences (``words``), an object and rows (``firmness_rows``), and ``folder``."""
