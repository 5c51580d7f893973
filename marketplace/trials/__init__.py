"""先用后转: terms fixed in advance in a pool, a free trial under contract, then conversion, extension or return."""
