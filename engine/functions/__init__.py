"""Functions of the language: scalar, aggregate and table functions, their signatures and the registry that binds calls."""
