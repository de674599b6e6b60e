"""JSON: the public interface to other programs, documented in docs/api.md."""
