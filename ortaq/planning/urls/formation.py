from django.urls import path

from ortaq.planning.views import comment as desk
from ortaq.planning.views import discussion, formation, topic

public = "discussions/<int:pk>/"
one = "social-order/<int:pk>/"
urlpatterns = [
    path("discussions/", discussion.discussions, name="discussions"),
    path(public, discussion.discussion, name="discussion"),
    path(f"{public}comments/", discussion.write, name="comment_write"),
    path(f"{public}report/", discussion.report, name="report"),
    path(f"{public}<slug:name>.<slug:language>.<slug:kind>", discussion.paper, name="paper"),
    path("discussions/topics/<int:pk>/", discussion.topic, name="topic"),
    path("discussions/confirm/<slug:token>/", discussion.confirm, name="comment_confirm"),
    path("social-order/", formation.formations, name="formations"),
    path("social-order/new/", formation.new, name="formation_new"),
    path(one, formation.formation, name="formation"),
    path(f"{one}edit/", formation.edit, name="formation_edit"),
    path(f"{one}copy/", formation.copy, name="formation_copy"),
    path(f"{one}publish/", formation.publish, name="formation_publish"),
    path(f"{one}discard/", formation.discard, name="formation_discard"),
    path(f"{one}step/<slug:step>/", formation.take, name="formation_step"),
    path(f"{one}topics/new/", topic.new, name="topic_new"),
    path("social-order/topics/<int:pk>/", topic.edit, name="topic_edit"),
    path("social-order/topics/<int:pk>/move/", topic.move, name="topic_move"),
    path("social-order/topics/<int:pk>/remove/", topic.remove, name="topic_remove"),
    path(f"{one}comments/", desk.comments, name="comments"),
    path("social-order/comments/<int:pk>/", desk.decide, name="comment"),
    path("social-order/comments/<int:pk>/hide/", desk.hide, name="comment_hide"),
]
