"""Brings what :mod:`svcsat_crawler.ledger` makes of the facts into the store, and keeps it in step."""
