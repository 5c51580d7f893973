"""The yearly evaluation of brokers (考核): computed from records, commented by the broker, then final."""
