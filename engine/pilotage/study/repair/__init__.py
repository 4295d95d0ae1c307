"""What a scenario whose rules cannot hold together may change: ``search`` finds it, ``repairs`` plans under it."""
