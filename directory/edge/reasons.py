def reason_in_words(r, tree): return str(r)
