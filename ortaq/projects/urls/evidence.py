from django.urls import path

from ortaq.projects.views import evidence as views

one = "projects/<int:pk>/"
piece = f"{one}evidence/<int:number>/"
urlpatterns = [
    path(f"{one}evidence/", views.evidence, name="evidence"),
    path(f"{one}evidence/new/", views.new, name="evidence_new"),
    path(f"{one}evidence/decide/", views.decide, name="evidence_decide"),
    path(piece, views.piece, name="piece"),
    path(f"{piece}file/", views.file, name="piece_file"),
    path(f"{piece}proofs/", views.attach, name="piece_attach"),
    path(f"{piece}steps/<slug:step>/", views.take, name="piece_step"),
    path(f"{one}publications/", views.publications, name="publications"),
    path(f"{one}publications/paste/", views.paste, name="publications_paste"),
    path(
        f"{one}publications/list.<slug:language>.<slug:kind>", views.media_list, name="media_list"
    ),
]
