"""What may happen: the rules. Functions take ``db`` first, flush, and never commit."""
