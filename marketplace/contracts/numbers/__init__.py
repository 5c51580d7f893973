"""The numbers the authority returns: a sheet is read, compared with the register, and taken over in one piece."""
