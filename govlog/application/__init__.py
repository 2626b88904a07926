"""The one door for writing: read, decide under the lock, record."""
