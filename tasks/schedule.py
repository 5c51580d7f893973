"""What beat starts, and when (Asia/Shanghai). Add one line per sweep; deadlines themselves live in rows."""

from typing import Any

from celery.schedules import crontab
from django.conf import settings

AN_HOUR = {"expires": 3600}

# name → {"task": "tasks.<noun>.<verb_noun>", "schedule": seconds or crontab(…), "options": {"expires": seconds}}
SCHEDULE: dict[str, dict[str, Any]] = {
    "close-due-lots": {"task": "tasks.auctions.close_due_lots", "schedule": 5, "options": {"expires": 5}},
    "anchor-live-lots": {"task": "tasks.auctions.anchor_live_lots", "schedule": 180, "options": {"expires": 170}},
    "move-sessions-on": {"task": "tasks.auctions.move_sessions_on", "schedule": 60, "options": {"expires": 55}},
    "tell-outbid-bidders": {"task": "tasks.auctions.tell_outbid_bidders", "schedule": 10, "options": {"expires": 9}},
    "sweep-outcomes": {
        "task": "tasks.outcomes.sweep_outcomes",
        "schedule": crontab(hour=1, minute=10),
        "options": AN_HOUR,
    },
    "deliver-pending": {"task": "tasks.delivery.deliver_pending", "schedule": 60, "options": {"expires": 55}},
    "index-brokers": {
        "task": "tasks.index.index_brokers",
        "schedule": crontab(hour=0, minute=5),
        "options": AN_HOUR,
    },
    "end-due-publicity": {
        "task": "tasks.publicity.end_due_publicity",
        "schedule": crontab(minute=15),
        "options": AN_HOUR,
    },
    "end-due-contracts": {
        "task": "tasks.contracts.end_due_contracts",
        "schedule": crontab(minute=5),
        "options": AN_HOUR,
    },
    "remind-of-supplements": {
        "task": "tasks.contracts.remind_of_supplements",
        "schedule": crontab(hour=8, minute=45),
        "options": AN_HOUR,
    },
    "end-due-trials": {
        "task": "tasks.trials.end_due_trials",
        "schedule": crontab(minute=25),
        "options": AN_HOUR,
    },
    "remind-of-trials": {
        "task": "tasks.trials.remind_of_trials",
        "schedule": crontab(hour=8, minute=40),
        "options": AN_HOUR,
    },
    "sign-outcomes": {"task": "tasks.index.sign_outcomes", "schedule": 120, "options": {"expires": 110}},
    "index-changed-pages": {
        "task": "tasks.index.index_changed_pages",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "keep-page-times": {"task": "tasks.pages.keep_page_times", "schedule": 60, "options": {"expires": 55}},
    "learn-stop-phrases": {
        "task": "tasks.matching.learn_stop_phrases",
        "schedule": crontab(hour=2, minute=20),
        "options": AN_HOUR,
    },
    "alert-searches": {
        "task": "tasks.searches.alert_searches",
        "schedule": crontab(hour=8, minute=0),
        "options": AN_HOUR,
    },
    "forget-questions": {
        "task": "tasks.questions.forget_questions",
        "schedule": crontab(hour=3, minute=40),
        "options": AN_HOUR,
    },
    "forget-invitations": {
        "task": "tasks.organisations.forget_invitations",
        "schedule": crontab(hour=3, minute=50),
        "options": AN_HOUR,
    },
    "remind-of-late-instalments": {
        "task": "tasks.payments.remind_of_late_instalments",
        "schedule": crontab(hour=8, minute=55),
        "options": AN_HOUR,
    },
    "remind-of-stalled-deals": {
        "task": "tasks.deals.remind_of_stalled_deals",
        "schedule": crontab(hour=8, minute=40),
        "options": AN_HOUR,
    },
    "remind-brokers": {
        "task": "tasks.brokers.remind_brokers",
        "schedule": crontab(hour=8, minute=50),
        "options": AN_HOUR,
    },
}

if settings.DEMO:
    SCHEDULE |= {
        "keep-a-practice-lot": {
            "task": "tasks.practice.keep_a_practice_lot",
            "schedule": 10,
            "options": {"expires": 9},
        },
        "bid-as-rivals": {"task": "tasks.practice.bid_as_rivals", "schedule": 3, "options": {"expires": 2}},
    }
