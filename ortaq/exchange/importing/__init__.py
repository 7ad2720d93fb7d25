"""Tables of past years, by the registry's machinery for tables of the state."""
