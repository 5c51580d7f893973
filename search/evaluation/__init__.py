"""How good search and matching are on a judged collection: an index of its own, a TREC run, measures."""
