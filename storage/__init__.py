"""Where everything is kept: one set of tables, on SQLite or PostgreSQL."""
