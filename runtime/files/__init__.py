"""Files in and out of topics: what `--input`, `--sink`, `produce` and `consume` read and write."""
