from django.urls import path

from ortaq.tenders.views import commission as views
from ortaq.tenders.views import contract

one = "tenders/<int:pk>/"
urlpatterns = [
    path(f"{one}commission/", views.form_commission, name="commission"),
    path(f"{one}review/", views.review, name="review"),
    path(f"{one}review/<slug:step>/", views.review_step, name="review_step"),
    path("bids/<int:pk>/review/", views.bid_review, name="bid_review"),
    path("tenders/lots/<int:pk>/tie/", views.tie, name="tie"),
    path(f"{one}results/", views.results, name="results"),
    path("tenders/lots/<int:pk>/result/", views.lot_result, name="lot_result"),
    path(f"{one}results/<slug:language>.<slug:kind>", views.protocol_paper, name="results_paper"),
    path("tenders/lots/<int:pk>/contract/", contract.draft, name="order_draft"),
    path("orders/<int:pk>/", contract.order, name="order"),
    path("orders/<int:pk>/step/<slug:step>/", contract.take, name="order_step"),
    path("orders/<int:pk>/scan/", contract.scan, name="order_scan"),
]
