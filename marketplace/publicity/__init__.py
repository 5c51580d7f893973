"""公示 as a reusable thing: term, public page, objections and answers, end; a later step waits for it."""
