"""Lists, boards, desks and figures over a register of any size."""
