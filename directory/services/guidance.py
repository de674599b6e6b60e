"""Guidance."""


class Guide:
    """Placeholder."""


def similar(db, guide, listing, *, settings):
    return []
