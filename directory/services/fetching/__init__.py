"""Fetching: what an address answers, asked for in a way that reaches public machines only."""
