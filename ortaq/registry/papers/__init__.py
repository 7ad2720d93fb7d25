"""Papers of the registers: the annual return on its form."""
