"""Bulk: files and addresses whose listings come in together, tried first and then brought."""
