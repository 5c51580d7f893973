"""Addresses of continuing hours."""

from django.urls import path

from marketplace.brokers.training import views

urlpatterns = [
    path("brokers/<str:code>/training/", views.training_list, name="training-list"),
    path("brokers/<str:code>/training/new/", views.training_new, name="training-new"),
    path("brokers/training/<str:code>/confirm/", views.training_confirm, name="training-confirm"),
    path("brokers/training/<str:code>/decline/", views.training_decline, name="training-decline"),
]
