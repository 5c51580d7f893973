"""What platform staff see of the trade in the admin: listings to look at, never forms that move a record."""
