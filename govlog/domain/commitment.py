"""A product and the commitments made about it."""
