"""How fast the house is, measured and printed; nothing here is asserted.

make bench                      everything: SQLite and PostgreSQL, 10 000 applications
python -m bench --rows 1000     a smaller one
"""
