"""The operations, by noun. An operation finds, takes one step of its room or runs one query, and answers."""
