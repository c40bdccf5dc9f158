"""Rules that make a plan cheaper without changing what it means; each is a function from steps to steps, in a module of its name."""

from headrace.engine.planner.rules.optimise import RULES, optimise

__all__ = ["RULES", "optimise"]
