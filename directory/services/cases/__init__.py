"""Cases: what a counsellor keeps of a learner, who sees it, what comes of it, and its end."""
