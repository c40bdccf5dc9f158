"""`headrace run`: scripts over files, statement by statement, resumable."""
