"""How long a page of a register is."""

PAGE = 25
