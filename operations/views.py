"""The blueprint of the pages of this room."""

from flask import Blueprint

bp = Blueprint("operations", __name__)
