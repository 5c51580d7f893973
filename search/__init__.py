"""The read side: tokens, engines, documents, indexing, queries, candidate scoring, and every list page."""
