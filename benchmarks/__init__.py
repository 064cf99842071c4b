"""Measurements, each a command with a table: `python -m benchmarks.reading`, `.growth`, `.hostile`. See docs/speed.md."""
