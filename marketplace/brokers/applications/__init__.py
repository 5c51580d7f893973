"""How a person comes into the register: application, check of the materials, filing (备案); and renewal by the same way."""
