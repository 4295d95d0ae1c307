"""Who may go where, read anew: pairs by themselves, pairs because of other pairs, then pairs drawn and compared."""
