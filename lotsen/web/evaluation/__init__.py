"""The Land's evaluation: a quarter over all municipalities, to read, to print and as open data."""

from lotsen.web.evaluation import open_data, overview, paper
from lotsen.web.evaluation.blueprint import bp

__all__ = ["bp", "open_data", "overview", "paper"]
