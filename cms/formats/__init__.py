"""Dates where a library prints them (the admin's listings): as our pages do (design.md §4)."""
