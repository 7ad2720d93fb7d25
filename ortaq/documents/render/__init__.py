"""A `Paper` as html, docx, xlsx or pdf. The same paper gives the same bytes."""

from .excel import xlsx
from .typeset import pdf
from .web import html
from .word import docx

__all__ = ["docx", "html", "pdf", "xlsx"]
