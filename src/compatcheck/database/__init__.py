"""Tables that a configuration describes, as PostgreSQL: SQL, comparison with a live database, migrations."""
