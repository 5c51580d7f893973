"""Need ↔ outcome: proposals with their reasons, and what both sides answered."""
