"""Addresses of what is in publicity."""

from django.urls import path

from marketplace.publicity import letter_views, views

urlpatterns = [
    path("publicity/", views.publicity_list, name="publicity-list"),
    path("publicity/<str:code>/", views.publicity_detail, name="publicity-detail"),
    path("publicity/<str:code>/extend/", views.publicity_extend, name="publicity-extend"),
    path("publicity/<str:code>/letter/", letter_views.objection_enter, name="objection-enter"),
    path("publicity/objections/<str:code>/take-back/", letter_views.objection_take_back, name="objection-take-back"),
    path("publicity/objections/<str:code>/reply/", views.objection_reply, name="objection-reply"),
    path("publicity/objections/<str:code>/withdraw/", views.objection_withdraw, name="objection-withdraw"),
    path("publicity/objections/<str:code>/answer/", views.objection_answer, name="objection-answer"),
]
