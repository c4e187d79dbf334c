"""The backup file: everything of one moment, for either database, verified before it counts."""
