from django.urls import path

from ortaq.oversight.views import instrument as views
from ortaq.oversight.views import questionnaire

tools = "oversight/visits/<int:pk>/tools/"
mention = f"{tools}networks/mentions/"
urlpatterns = [
    path(f"{tools}survey/open/", views.open_survey, name="survey_open"),
    path(f"{tools}survey/interview/", views.interview, name="interview"),
    path(
        f"{tools}survey/interviews/<int:number>/strike-out/",
        views.strike_out,
        name="interview_strike_out",
    ),
    path(mention, views.mention, name="mention"),
    path(f"{mention}<int:number>/drop/", views.drop_mention, name="mention_drop"),
    path(f"{mention}<int:number>/screenshot/", views.screenshot, name="mention_screenshot"),
    path(f"{tools}documents/files/<slug:key>/", views.document, name="visit_document"),
    path(f"{tools}<slug:tool>/", views.tool, name="tool"),
    path(f"{tools}<slug:tool>/sheet.<slug:language>.<slug:kind>", views.paper, name="tool_paper"),
    path(f"{tools}<slug:tool>/<slug:step>/", views.take, name="tool_step"),
    path("q/<slug:code>/", questionnaire.questionnaire, name="questionnaire"),
]
