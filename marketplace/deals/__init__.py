"""Deals: from shown interest or an agreed match to a fixed price, and on to the contract."""
