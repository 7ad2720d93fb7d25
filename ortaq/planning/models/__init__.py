"""Needs, topics and their discussion, councils, specifications, budget requests (SO-F)."""

from .council import Council, CouncilMember, Information, Recommendation, Session
from .formation import Comment, Formation, Topic, TopicProposal
from .needs import Assessment, Baseline, Canvas, Card, Conclusion, Source
from .specification import (
    BudgetRequest,
    EstimateLine,
    ExpectedIndicator,
    Service,
    Specification,
)

__all__ = [
    "Assessment",
    "Baseline",
    "BudgetRequest",
    "Canvas",
    "Card",
    "Comment",
    "Conclusion",
    "Council",
    "CouncilMember",
    "EstimateLine",
    "ExpectedIndicator",
    "Formation",
    "Information",
    "Recommendation",
    "Service",
    "Session",
    "Source",
    "Specification",
    "Topic",
    "TopicProposal",
]
