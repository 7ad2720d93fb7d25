"""Legal forms as data, and the papers made of them."""
