"""Rewards of brokers (奖补): claimed for a registered contract a lead led to; reviewed, published, approved, paid."""
