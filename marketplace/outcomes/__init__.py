"""Research outcomes (科技成果): draft, review, publish, expire, re-confirm, disclosure."""
