"""Routes."""
from flask import Blueprint
routes = Blueprint("routes", __name__)
@routes.route("/<lang:lang>/routes", methods=["GET","POST"])
def show(lang: str) -> str:
    return "x"
