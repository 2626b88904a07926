"""The HTTP API: a thin skin over the decision log and its views."""
