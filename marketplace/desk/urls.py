"""The addresses of the desk."""

from django.urls import path

from marketplace.desk import broker_page, views

urlpatterns = [
    path("desk/", views.desk, name="desk"),
    path("desk/broker/", broker_page.broker_desk, name="broker-desk"),
]
