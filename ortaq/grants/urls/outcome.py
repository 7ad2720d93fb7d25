from django.urls import path

from ortaq.grants.views import outcome as views

one = "competitions/<int:pk>/outcomes/"
urlpatterns = [
    path(one, views.outcomes, name="outcomes"),
    path(f"{one}prepare/", views.prepare, name="outcomes_prepare"),
    path(f"{one}letters/", views.letters, name="outcomes_letters"),
    path(f"{one}publish/", views.publish, name="outcomes_publish"),
    path(f"{one}protocol/", views.draw_up, name="protocol_draw_up"),
    path(f"{one}protocol.<slug:language>.<slug:kind>", views.protocol, name="protocol"),
    path(f"{one}protocol/file/", views.file_protocol, name="protocol_file"),
    path(f"{one}protocol/scan/", views.protocol_scan, name="protocol_scan"),
    path(f"{one}<int:lot>/", views.lot_outcome, name="outcome_lot"),
    path("competitions/<int:pk>/results/", views.results, name="results"),
    path("applications/<int:pk>/result/", views.result, name="result"),
]
