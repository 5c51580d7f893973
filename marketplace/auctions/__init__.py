"""瓯来拍: sessions, lots, bidder registration, deposits, bidding, closing, after-sale."""
