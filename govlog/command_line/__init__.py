"""The `govlog` command, one file per subject; the roof of the house, like govlog.cli itself."""
