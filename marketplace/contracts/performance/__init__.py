"""How a signed contract is carried out: milestones done and accepted, and its end before its time."""
