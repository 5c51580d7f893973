"""A consequence that can be held still, for workers that are to be killed."""

import os
import time
from pathlib import Path

from django.db import connection

from marketplace.organisations.models import User
from tasks.models import Delivery


def lengthen_phone(each: Delivery) -> None:
    """Make the effect, say which process of the database serves us, then wait inside while the test holds us."""
    user = User.objects.get(pk=each.entry.subject_id)
    user.phone += "1"
    user.save(update_fields=["phone"])
    folder = Path(os.environ["FAULTS_DIR"])
    (folder / "inside").write_text(str(connection.connection.info.backend_pid))
    while (folder / "hold").exists():
        time.sleep(0.05)
