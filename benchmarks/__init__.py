"""Measurements, each a command with a table: `python -m benchmarks.reading`, `.growth`, `.hostile`, `.building`. See docs/speed.md, docs/building.md."""
