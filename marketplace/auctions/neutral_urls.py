"""Addresses without a language: the stream and its fallback, the record, the verifier, the time."""

from django.urls import path

from marketplace.auctions.views import overview, sale

urlpatterns = [
    path("lots/verifier.py", sale.lot_verifier, name="lot-verifier"),
    path("lots/time", sale.platform_time, name="platform-time"),
    path("auctions/<str:number>/events/", overview.session_events, name="session-events"),
    path("auctions/<str:number>/state", overview.session_state, name="session-state"),
    path("lots/<str:number>/events/", sale.lot_events, name="lot-events"),
    path("lots/<str:number>/state", sale.lot_state, name="lot-state"),
    path("lots/<str:number>/record.jsonl", sale.lot_record, name="lot-record"),
]
