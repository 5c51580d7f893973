"""The portal's own pages: home, news and texts, made of blocks that show live data."""
