"""Guidance."""


class Guide:
    """Placeholder."""
