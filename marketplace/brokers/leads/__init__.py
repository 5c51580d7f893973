"""Leads (线索): which broker brought which need, outcome or contact, and when; the ground of every reward."""
