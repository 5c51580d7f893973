"""Demonstration data, made by the real actions. Refused unless DEMO is on."""
