"""What `celery -A tests.faults.index_worker` loads: Django first, then the application with the index to keep true."""

import django

django.setup()

from marketplace.core.journal import Kind  # noqa: E402
from tasks import delivery  # noqa: E402
from tasks.app import app  # noqa: E402
from tasks.index import index_subject  # noqa: E402

delivery.CONSEQUENCES = {Kind.OUTCOME_CONFIRMED: [index_subject]}

__all__ = ["app"]
