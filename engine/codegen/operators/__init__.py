"""Operators as writers of code, in produce/consume style: each writes its part of the record loop and calls the next."""
