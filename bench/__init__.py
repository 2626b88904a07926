"""Measurements side by side with raw routes; nothing here is part of the program."""
