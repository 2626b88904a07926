"""A debate: who spoke, in which formats, what was replied."""
