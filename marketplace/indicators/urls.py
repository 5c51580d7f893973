"""Addresses of the board."""

from django.urls import path

from marketplace.indicators import landed_list, records_page, report_page, stage_pages, targets_page, views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/stream/<slug:slug>/", stage_pages.board_stage, name="board-stage"),
    path("board/report/", report_page.board_report, name="board-report"),
    path("board/report/landed/", landed_list.landed_list, name="board-landed"),
    path("board/targets/<int:year>/", targets_page.board_targets, name="board-targets"),
    path("board/<slug:slug>/", records_page.board_records, name="board-records"),
]
