"""How firm each placement is: in sentences (``words``), as an object and rows (``facts``), in a folder (``folder``)."""
