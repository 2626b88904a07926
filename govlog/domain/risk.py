"""A risk decision: raised, assumed or declined."""
