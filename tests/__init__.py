"""Mirrors the four packages, plus journeys (browser), faults and bench."""
