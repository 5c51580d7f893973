"""The browser's way through the whole house, on real parts."""
