from django.urls import path

from marketplace.reviews import offline_views, views

urlpatterns = [
    path("reviews/", views.review_queue, name="review-queue"),
    path("outcomes/reviews/", views.review_queue, {"noun": "outcome"}, name="outcome-reviews"),
    path("needs/reviews/", views.review_queue, {"noun": "need"}, name="need-reviews"),
    path("reviews/<slug:noun>/<str:key>/", views.review_page, name="review-page"),
    path("reviews/<slug:noun>/<str:key>/offline/", offline_views.review_offline, name="review-offline"),
]
