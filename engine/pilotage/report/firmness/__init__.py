"""How firm each placement is: in sentences (``words``), as an object and rows (``firmness_rows``), in a folder (``folder``)."""
