"""Drafts of the contract itself: clauses kept by staff in versions, put together with what contract and deal know."""
