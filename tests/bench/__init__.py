"""Benchmarks: they print ratios measured in one run and promise nothing; no part of `make test`."""
