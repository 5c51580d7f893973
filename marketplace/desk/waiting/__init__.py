"""What each noun has waiting: one module per noun, each with `waiting(reader) -> piles`."""
