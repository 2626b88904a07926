"""Routes, one file per aggregate or view."""
