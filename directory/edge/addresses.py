"""Addresses: of this site as residents see it, whatever stands between them and us."""

from typing import Any

from flask import request, url_for

from directory.edge.house import house


def public_url(endpoint: str, **values: Any) -> str:
    """A whole address, on the site's public one where the city has said it."""
    path = url_for(endpoint, **values)
    said = house().settings.public_url.rstrip("/")
    if not said:
        return request.host_url.rstrip("/") + path
    # What the public address says of the path is not to be said twice.
    return said + path.removeprefix(request.root_path if said.endswith(request.root_path) else "")
