"""What is known before deciding (``case``), and what a run leaves behind (``record``)."""
