"""Pages of benefit sharing."""
