"""Vereda: a learning city's directory and guide."""

__version__ = "0.1.0"
