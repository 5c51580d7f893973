"""What every noun stands on: states, refusals, clock, journal, money, identifiers, working days, files."""
