"""What was known of a school on a day, as numbers: read ``declared``, ``compute``, then where the values come from."""
