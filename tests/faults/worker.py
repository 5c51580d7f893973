"""What `celery -A tests.faults.worker` loads: Django first, then the application with one consequence of its own."""

import django

django.setup()

from marketplace.core.journal import Kind  # noqa: E402
from tasks import delivery  # noqa: E402
from tasks.app import app  # noqa: E402
from tests.faults.consequences import lengthen_phone  # noqa: E402

delivery.CONSEQUENCES = {Kind.USER_SIGNED_UP: [lengthen_phone]}

__all__ = ["app"]
