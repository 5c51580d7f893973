"""The domain: every rule of the trade, its records, its detail pages and verbs."""
