"""The licence register of technology brokers (技术经纪人), and how anybody checks a certificate."""
