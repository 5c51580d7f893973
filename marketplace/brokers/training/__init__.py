"""Continuing hours of brokers: entered with proof, counted once an officer has confirmed them."""
