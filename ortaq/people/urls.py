from django.urls import path

from . import views, views_entry

app_name = "people"
urlpatterns = [
    path("account/certificate/", views.certificate, name="certificate"),
    path("account/proof/", views.proof, name="proof"),
    path("me/", views.profile, name="profile"),
    path("me/certificate/", views.own_certificate, name="own_certificate"),
    path("me/certificate/part/", views.part_certificate, name="part_certificate"),
    path("me/second-factor/", views_entry.set_up, name="second_factor"),
    path("me/second-factor/onward/", views_entry.go_on, name="second_factor_onward"),
    path("me/acting-for/", views.act_for, name="act_for"),
    path("me/letters/", views.letters, name="letters"),
    path("me/letters/<int:pk>/", views.letter, name="letter"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/new/", views.register, name="register"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", views.edit, name="edit"),
    path("organisations/<int:pk>/invitations/", views.invite, name="invite"),
    path("organisations/<int:pk>/standings/", views.record_standing, name="record_standing"),
    path("memberships/<int:pk>/end/", views.end_membership, name="end_membership"),
    path("invitations/<int:pk>/withdraw/", views.withdraw_invitation, name="withdraw_invitation"),
    path("invitations/<int:pk>/accept/", views.accept, name="accept"),
    path("invitations/<int:pk>/decline/", views.decline, name="decline"),
    path("standings/<int:pk>/end/", views.end_standing, name="end_standing"),
]
