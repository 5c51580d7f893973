# Two commands: `make run` and `make test`. Both work on a machine with nothing but Python 3.11.
PYTHON ?= $(shell command -v python3 || command -v python)

.PHONY: run stop reset backup restore test test-long check walk pictures bench-search bench-lists faults bench-auction

run stop reset backup test check:
	@$(PYTHON) -m cms.bare $@

# Into an empty house: make restore FROM=var/backups/marketplace-…
restore:
	@FROM="$(FROM)" $(PYTHON) -m cms.bare restore

# What takes minutes by its nature, and `make test` leaves out: the other journeys in a browser, the large engine, the
# demonstration loaded whole, sealed bids and the hall under load, faults of the day, walks with nonsense and for
# secrets, a moment of each benchmark
test-long:
	@$(PYTHON) -m cms.bare test --long

# Every kind of nonsense at every address, every secret asked of every list; `make test-long` sends a part of them
walk:
	@WALK_WHOLE=1 $(PYTHON) -m cms.bare test -n 2 -q tests/walk

# The README's pictures, from a demo that is running
pictures:
	@.venv/bin/python -m tests.journeys.pictures

# Ratios measured in one run on 100,000 made-up outcomes: ours, SQLite's, Wagtail's, PostgreSQL's search, and with
# `make bench-search WITH=--elasticsearch` that one as well
bench-search:
	@.venv/bin/python -m tests.bench.search $(WITH)

# Every list, board, desk and figure over 10, 300 and 10,000 contracts, as ratios; `WITH="--only /deals/ --rounds 15"`
bench-lists:
	@.venv/bin/python -m tests.bench.lists $(WITH)

# Every fault the auction engine must survive, on real processes (var/faults/report.md); `WITH="killed --short"` for some
faults:
	@.venv/bin/python -m tests.faults.auction $(WITH)

# What a bid costs by five ways, contested closes, 5,000 spectators, 500 bidders; `WITH="--crowd-seconds 300"`
bench-auction:
	@.venv/bin/python -m tests.bench.auction $(WITH)
