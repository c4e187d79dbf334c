"""Bringing the company's own vendor list in: read, map, check, apply, undo."""
