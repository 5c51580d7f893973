"""Addresses of rewards."""

from django.urls import path

from marketplace.rewards import marking, views

urlpatterns = [
    path("deals/<str:code>/broker/mark/", marking.broker_rate, name="broker-rate"),
    path("rewards/", views.reward_list, name="reward-list"),
    path("rewards/new/<str:code>/", views.reward_claim, name="reward-claim"),
    path("rewards/<str:code>/", views.reward_detail, name="reward-detail"),
    path("rewards/<str:code>/review/", views.reward_review, name="reward-review"),
    path("rewards/<str:code>/refuse/", views.reward_refuse, name="reward-refuse"),
    path("rewards/<str:code>/approve/", views.reward_approve, name="reward-approve"),
    path("rewards/<str:code>/pay/", views.reward_pay, name="reward-pay"),
]
