"""Lotsen pairs newcomers with volunteer integration guides, for municipal coordination offices."""
