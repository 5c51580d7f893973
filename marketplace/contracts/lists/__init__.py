"""Registration lists (登记清单): several registered contracts on one paper, for the tax office or whoever asks."""
