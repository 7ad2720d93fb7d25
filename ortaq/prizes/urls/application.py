"""Addresses of applications for the prize."""

from django.urls import path

from ortaq.prizes.views import application, application_files, application_parts, look

ONE = "prizes/applications/<int:pk>/"
urlpatterns = [
    path("prizes/<int:year>/apply/", application.new, name="apply"),
    path("prizes/applications/", application.mine, name="applications"),
    path(ONE, application.overview, name="application"),
    path(f"{ONE}direction/", application.direction, name="direction"),
    path(f"{ONE}parts/<slug:key>/", application_parts.part, name="part"),
    path(f"{ONE}projects/<int:project>/", application_parts.take_over, name="take_over"),
    path(f"{ONE}conflict/", application_parts.settle, name="conflict"),
    path(f"{ONE}files/", application_files.files, name="files"),
    path(f"{ONE}files/<int:attachment>/", application_files.file, name="file"),
    path(f"{ONE}files/<int:attachment>/remove/", application_files.remove, name="file_remove"),
    path(f"{ONE}submit/", application.submit, name="submit"),
    path(f"{ONE}receipt/", application.receipt, name="receipt"),
    path(f"{ONE}withdraw/", application.withdraw, name="withdraw"),
    path(f"{ONE}discard/", application.discard, name="discard"),
    path(f"{ONE}content/", application.content, name="content"),
    path(f"{ONE}annexes.<slug:language>.<slug:kind>", application.paper, name="paper"),
    path(f"{ONE}look/", look.look, name="look"),
    path(f"{ONE}look/<slug:name>/", look.step, name="look_step"),
]
