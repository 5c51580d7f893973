"""Celery: the app, the beat schedule, delivery of what follows from a fact."""
