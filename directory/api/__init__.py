"""JSON: the public interface to other programs, documented in docs/api.md."""

from directory.api.v1 import api

API_BLUEPRINTS = (api,)
