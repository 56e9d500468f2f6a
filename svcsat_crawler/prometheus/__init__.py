"""Metrics for Prometheus, with its official client: a file after each run, an address during one."""
