"""What leaves the log as a whole, in forms that others read."""
