"""Views of the log at two dates, in a database of their own that can be rebuilt at any time."""
