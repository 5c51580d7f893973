"""Bringing an institute's own list of outcomes in: a sheet is read, checked cell by cell, taken over as drafts."""
