"""Tenders of the social order: documentation, sealed bids, commission, results (SO-T)."""

from .bid import Bid, BidFile, BidReceipt
from .outcome import Order, Protocol
from .tender import Lot, Tender, TenderFile, TenderQuestion

__all__ = [
    "Bid",
    "BidFile",
    "BidReceipt",
    "Lot",
    "Order",
    "Protocol",
    "Tender",
    "TenderFile",
    "TenderQuestion",
]
