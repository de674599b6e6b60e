"""Needs and ideas: what residents would like to learn or could teach, and what answers them."""
