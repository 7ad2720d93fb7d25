from django.urls import path

from ortaq.tenders.views import bid as views
from ortaq.tenders.views import bid_parts as parts
from ortaq.tenders.views import opening

one = "bids/<int:pk>/"
urlpatterns = [
    path("bids/", views.mine, name="bids"),
    path("bids/new/<int:lot>/", views.new, name="bid_new"),
    path(one, views.overview, name="bid"),
    path(f"{one}parts/<slug:key>/", parts.part, name="bid_part"),
    path(f"{one}conflict/", parts.settle, name="bid_conflict"),
    path(f"{one}files/", views.files, name="bid_files"),
    path(f"{one}files/<slug:token>/", views.file, name="bid_file"),
    path(f"{one}files/<slug:token>/remove/", views.remove, name="bid_file_remove"),
    path(f"{one}submit/", views.submit, name="bid_submit"),
    path(f"{one}receipt/", views.receipt, name="bid_receipt"),
    path(f"{one}withdraw/", views.withdraw, name="bid_withdraw"),
    path(f"{one}discard/", views.discard, name="bid_discard"),
    path(f"{one}content/", views.content, name="bid_content"),
    path(f"{one}content.json", views.canonical_content, name="bid_canonical"),
    path(f"{one}paper/<slug:language>.<slug:kind>", views.paper, name="bid_paper"),
    path("tenders/<int:pk>/opening/", opening.opening, name="opening"),
    path(
        "tenders/<int:pk>/opening/<slug:language>.<slug:kind>",
        opening.paper,
        name="opening_paper",
    ),
]
