from django.urls import path

from ortaq.tenders.views import openers, question, tender, tender_draft

one = "tenders/<int:pk>/"
urlpatterns = [
    path("tenders/", tender.tenders, name="tenders"),
    path("tenders/new/", tender_draft.new, name="tender_new"),
    path(one, tender.tender, name="tender"),
    path(f"{one}manage/", tender_draft.manage, name="tender_manage"),
    path(f"{one}edit/", tender_draft.edit, name="tender_edit"),
    path(f"{one}topics/", tender_draft.topics, name="tender_topics"),
    path(f"{one}files/", tender_draft.add_file, name="tender_files"),
    path(f"{one}discard/", tender_draft.discard, name="tender_discard"),
    path(f"{one}questions/", question.ask, name="question_ask"),
    path(f"{one}step/<slug:step>/", tender_draft.take, name="tender_step"),
    path(f"{one}openers/", openers.openers, name="openers"),
    path("tenders/openers/<int:pk>/remove/", openers.remove, name="opener_remove"),
    path(f"{one}share/", openers.share, name="give_share"),
    path("me/opening-key/", openers.own_key, name="opening_key"),
    path("tenders/lots/<int:pk>/", tender.lot, name="lot"),
    path("tenders/lots/<int:pk>/edit/", tender_draft.edit_lot, name="lot_edit"),
    path("tenders/lots/<int:pk>/renew/", tender_draft.renew, name="lot_renew"),
    path("tenders/files/<int:pk>/", tender.file, name="tender_file"),
    path("tenders/files/<int:pk>/remove/", tender_draft.remove_file, name="tender_file_remove"),
    path("tenders/questions/<int:pk>/", question.answer, name="question_answer"),
]
