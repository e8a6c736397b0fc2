"""The matcher's benchmarks: ``python -m tests.bench``."""
