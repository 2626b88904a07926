"""A party: a person or an organisation."""
