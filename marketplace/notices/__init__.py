"""What a person is told, in the site and by mail; what they want to hear by mail."""
