"""Checks a log as a stranger: needs Python and `cryptography`, and trusts no operator."""
