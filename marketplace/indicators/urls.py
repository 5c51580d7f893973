"""Addresses of the board."""

from django.urls import path

from marketplace.indicators import views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/<slug:slug>/", views.board_records, name="board-records"),
]
