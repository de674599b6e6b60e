"""The edge: what pages, API and commands share, and the only place where work is committed."""
