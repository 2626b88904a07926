"""The wire contract: what requests and import lines may hold, and what answers look like."""
