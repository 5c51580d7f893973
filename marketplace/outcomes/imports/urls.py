from django.urls import path, re_path

from marketplace.outcomes.imports import row_views, views

urlpatterns = [
    path("outcomes/import/", views.import_new, name="import-new"),
    path("outcomes/import/template.xlsx", views.import_template, name="import-template"),
    path("outcomes/import/<str:code>/", views.import_detail, name="import-detail"),
    path("outcomes/import/<str:code>/progress/", views.import_progress, name="import-progress"),
    path("outcomes/import/<str:code>/columns/", views.import_columns, name="import-columns"),
    path("outcomes/import/<str:code>/annotated.xlsx", views.import_annotated, name="import-annotated"),
    path("outcomes/import/<str:code>/take-over/", views.import_take_over, name="import-take-over"),
    path("outcomes/import/<str:code>/take-back/", views.import_take_back, name="import-take-back"),
    path("outcomes/import/<str:code>/rows/<int:line>/", row_views.import_row, name="import-row"),
    re_path(
        r"^outcomes/import/(?P<code>\w+)/rows/(?P<line>\d{1,6})/(?P<act>skip|restore|keep)/$",
        row_views.import_row_act,
        name="import-row-act",
    ),
    path(
        "outcomes/import/<str:code>/rows/<int:line>/suggestion/<slug:key>/",
        row_views.import_suggestion,
        name="import-suggestion",
    ),
]
