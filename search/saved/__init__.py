"""Saved searches: questions people keep, matched with every record that appears, and the alerts that follow."""
