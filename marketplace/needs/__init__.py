"""Technology needs (技术需求): draft, liaison check, review, publish, staged disclosure."""
