"""利益共享: how the income of a contract is shared out among those who made it possible."""
