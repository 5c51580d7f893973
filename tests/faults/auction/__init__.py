"""Every fault the auction engine must survive (auction-engine.md §6), one case each: `make faults`."""
