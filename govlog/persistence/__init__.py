"""The event store: SQLite under the eventsourcing library, one log per data directory."""
