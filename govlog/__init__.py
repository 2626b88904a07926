"""govlog: the decision log that a community can prove."""
