"""Addresses of notices."""

from django.urls import path

from marketplace.notices import views

urlpatterns = [
    path("notices/", views.notice_list, name="notice-list"),
    path("notices/read/", views.notice_read_all, name="notice-read-all"),
    path("notices/mails/", views.notice_mails, name="notice-mails"),
    path("notices/<str:code>/", views.notice_open, name="notice-open"),
]
