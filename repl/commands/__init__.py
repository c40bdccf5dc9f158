"""One file per sub-command of `headrace`."""
