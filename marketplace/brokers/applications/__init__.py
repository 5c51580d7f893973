"""How a person comes into the register: application, check of the materials, filing (备案); renewal likewise."""
