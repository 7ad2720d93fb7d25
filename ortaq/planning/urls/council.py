from django.urls import path

from ortaq.planning.views import council, information, proposal

list_of = "social-order/<int:pk>/"
urlpatterns = [
    path("councils/", council.councils, name="councils"),
    path("councils/new/", council.new, name="council_new"),
    path("councils/<int:pk>/", council.council, name="council"),
    path("councils/<int:pk>/edit/", council.edit, name="council_edit"),
    path("councils/<int:pk>/members/", council.seat, name="council_seat"),
    path("councils/members/<int:pk>/end/", council.end, name="council_member_end"),
    path("councils/<int:pk>/call/", council.call, name="session_call"),
    path("councils/sessions/<int:pk>/", council.session, name="session"),
    path("councils/sessions/<int:pk>/hold/", council.hold, name="session_hold"),
    path("councils/sessions/<int:pk>/send/", council.send, name="session_send"),
    path("councils/sessions/<int:pk>/call-off/", council.call_off, name="session_call_off"),
    path("councils/sessions/<int:pk>/scan/", council.scan, name="session_scan"),
    path("information/", information.published, name="informations"),
    path("information/received/", information.received, name="informations_received"),
    path("information/<int:pk>/", information.information, name="information"),
    path(
        "information/<int:pk>/annex-3.<slug:language>.<slug:kind>",
        information.paper,
        name="information_paper",
    ),
    path(f"{list_of}submit/", information.submit, name="formation_submit"),
    path(f"{list_of}list/", information.form_list, name="list_form"),
    path("discussions/<int:pk>/list/", information.topic_list, name="topic_list"),
    path("topic-proposals/", proposal.proposals, name="proposals"),
    path("topic-proposals/new/", proposal.new, name="proposal_new"),
    path("topic-proposals/<int:pk>/", proposal.proposal, name="proposal"),
    path("topic-proposals/<int:pk>/answer/", proposal.answer, name="proposal_answer"),
    path("topic-proposals/<int:pk>/take-up/", proposal.take_up, name="proposal_take_up"),
]
