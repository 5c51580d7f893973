"""Rows for tests, valid by default; they never build what an action should build."""
