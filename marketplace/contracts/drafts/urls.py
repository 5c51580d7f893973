"""Addresses of drafts."""

from django.urls import path

from marketplace.contracts.drafts import views

urlpatterns = [
    path("contracts/<str:code>/drafts/", views.draft_list, name="draft-list"),
    path("contracts/<str:code>/drafts/assemble/", views.draft_assemble, name="draft-assemble"),
]
