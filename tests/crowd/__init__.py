"""A house of its own with real processes, the crowd that uses it, and who judges what came of it.

For the faults of the auction engine (tests/faults/auction) and for its benchmark (tests/bench/auction).
"""
