"""Addresses without a language: files, and what is printed on paper and in QR codes."""

from django.urls import path

from marketplace.core import views

urlpatterns = [
    path("files/<str:code>/", views.file_download, name="file-download"),
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify, name="verify-code"),
]
