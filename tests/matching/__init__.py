"""Tests of the matcher as a library and a command."""
