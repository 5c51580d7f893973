"""What a bid costs, as ratios of one run, and what a crowd sees: `make bench-auction`."""
