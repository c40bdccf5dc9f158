"""`headrace test`: cases are loaded, run record by record through the engine, compared, reported."""
