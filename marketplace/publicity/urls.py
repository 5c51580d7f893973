"""Addresses of what is in publicity."""

from django.urls import path

from marketplace.publicity import views

urlpatterns = [
    path("publicity/", views.publicity_list, name="publicity-list"),
    path("publicity/<str:code>/", views.publicity_detail, name="publicity-detail"),
    path("publicity/<str:code>/extend/", views.publicity_extend, name="publicity-extend"),
    path("publicity/objections/<str:code>/answer/", views.objection_answer, name="objection-answer"),
]
