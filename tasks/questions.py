"""The log of questions in the background: what is old is forgotten."""

from datetime import timedelta

from marketplace.core import clock
from search.models import SearchLog
from tasks.app import app

KEPT = timedelta(days=180)


@app.task
def forget_questions() -> None:
    """Delete the questions asked more than 180 days ago."""
    SearchLog.objects.filter(hour__lt=clock.now() - KEPT).delete()
