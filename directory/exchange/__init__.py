"""In and out: one module a format, bytes to records and back, with no database."""
