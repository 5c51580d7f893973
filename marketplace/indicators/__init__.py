"""Figures of the district (domain.md §7), each computed by a query over the records it opens."""
