"""What `celery -A tests.faults.worker` loads: Django first, then the application with its consequence."""

import django

django.setup()

from tests.faults.consequences import app  # noqa: E402

__all__ = ["app"]
