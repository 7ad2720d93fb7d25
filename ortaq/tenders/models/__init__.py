"""Tenders of the social order: documentation, sealed bids, commission, results (SO-T)."""

from .bid import Bid, BidFile, BidReceipt
from .tender import Lot, Tender, TenderFile, TenderQuestion

__all__ = [
    "Bid",
    "BidFile",
    "BidReceipt",
    "Lot",
    "Tender",
    "TenderFile",
    "TenderQuestion",
]
