"""Tables of the state, read in: all rows or none, and what would change is shown before it is taken.

    table = read(kind, file)              cells → rows by our names of the columns, with what cannot be read
    plan = plan_of(kind, table)           rows against the records → what would change, and its digest
    (procedure.table_import takes it)     the same plan is made again, and taken if it is still the same

Nothing here writes.
"""
