"""What a contract is paid: what is due and when, what came in, what is late."""
