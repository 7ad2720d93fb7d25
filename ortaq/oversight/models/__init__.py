"""Monitoring, evaluation and the reports that follow from them, by noun."""

from .conflict import Admission, Notice
from .evaluation import Evaluation, EvaluationComment, ExpertCouncil, Nomination
from .monitoring import Engagement, MonitoringPlan, Visit
from .statutory import (
    Account,
    GovernmentInformation,
    Lesson,
    PublicInformation,
    StatutoryRemark,
    StatutoryReport,
    StatutorySubmission,
)
from .visit import Answer, CorrectiveAction, DocumentRequest, Instrument, Mention, Observation

__all__ = [
    "Account",
    "Admission",
    "Answer",
    "CorrectiveAction",
    "DocumentRequest",
    "Engagement",
    "Evaluation",
    "EvaluationComment",
    "ExpertCouncil",
    "GovernmentInformation",
    "Instrument",
    "Lesson",
    "Mention",
    "MonitoringPlan",
    "Nomination",
    "Notice",
    "Observation",
    "PublicInformation",
    "StatutoryRemark",
    "StatutoryReport",
    "StatutorySubmission",
    "Visit",
]
