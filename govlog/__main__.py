"""`python -m govlog`, for where the `govlog` command is not on the path."""

from govlog.cli import main

main()
