"""Bulk: files that are uploaded and sources that are fetched, for those who look after listings."""

from directory.web.bulk.imports import imports
from directory.web.bulk.sources import sources

BULK_BLUEPRINTS = (imports, sources)
