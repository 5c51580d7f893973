"""Addresses of evaluations."""

from django.urls import path

from marketplace.rewards.evaluation import views

urlpatterns = [
    path("evaluations/", views.evaluation_list, name="evaluation-list"),
    path("evaluations/<str:code>/", views.evaluation_detail, name="evaluation-detail"),
    path("evaluations/<str:code>/comment/", views.evaluation_comment, name="evaluation-comment"),
    path("evaluations/<str:code>/finish/", views.evaluation_finish, name="evaluation-finish"),
    path("brokers/<str:code>/evaluate/", views.broker_evaluate, name="broker-evaluate"),
]
