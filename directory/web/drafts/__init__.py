"""Drafts: listings written step by step, looked at by editors, and published."""

from directory.web.drafts.listed import listed
from directory.web.drafts.review import review
from directory.web.drafts.writing import drafts

DRAFT_BLUEPRINTS = (listed, drafts, review)
