"""The bad day: a real server and real workers are killed, starved and lied to, and nothing that was acknowledged may be lost.

    make chaos                     two hundred kills on each database, and the rest of the bad day
    python -m ortaq.testing.chaos --kills 20 --database sqlite

What is tried and what came of it: docs/chaos.md.
"""
