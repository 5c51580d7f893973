"""Rewards of brokers (奖补): a claim on a registered contract that a lead led to, reviewed, published, approved, paid."""
