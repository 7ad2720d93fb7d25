"""Tenders of the social order: documentation, sealed bids, commission, results (SO-T)."""

from .bid import Bid, BidFile, BidReceipt
from .opener import Opener, OpeningKey
from .outcome import Order, Protocol
from .tender import Lot, Tender, TenderFile, TenderQuestion

__all__ = [
    "Bid",
    "BidFile",
    "BidReceipt",
    "Lot",
    "Opener",
    "OpeningKey",
    "Order",
    "Protocol",
    "Tender",
    "TenderFile",
    "TenderQuestion",
]
