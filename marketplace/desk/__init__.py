"""The signed-in work place: what waits for whom, and the way to do it."""
