"""Forms: shape and translated errors; what is allowed, services decide."""
