"""Addresses of drafts."""

from django.urls import path

from marketplace.contracts.drafts import room, views

urlpatterns = [
    path("contracts/<str:code>/drafts/", views.draft_list, name="draft-list"),
    path("contracts/<str:code>/drafts/assemble/", views.draft_assemble, name="draft-assemble"),
    path("deals/<str:code>/drafts/", room.deal_drafts, name="deal-drafts"),
    path("deals/<str:code>/drafts/remark/", room.deal_draft_remark, name="deal-draft-remark"),
    path("deals/<str:code>/drafts/<int:version>/", room.deal_draft_changes, name="deal-draft-changes"),
]
