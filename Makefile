# Two commands: `make run` and `make test`. Both work on a machine with nothing but Python 3.11.
PYTHON ?= $(shell command -v python3 || command -v python)

.PHONY: run stop reset test check pictures

run stop reset test check:
	@$(PYTHON) -m cms.bare $@

# The README's pictures, from a demo that is running
pictures:
	@.venv/bin/python -m tests.journeys.pictures
