"""Find: the only folder that knows Whoosh."""
