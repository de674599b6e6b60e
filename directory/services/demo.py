"""The demo city: invented listings, dated relative to the week in which they are loaded."""
