"""One module a command; each has a `command` that pipeline.cli finds by its name."""
