"""Review as a reusable thing: what is drafted, who checks it in which step, what passed and may become public."""
