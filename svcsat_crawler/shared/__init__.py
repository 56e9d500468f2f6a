"""One crawl by several processes, on one machine or many: ``SVCSAT_REDIS`` names the Redis they share.

The processes started with the same spider, arguments and store are the workers of one crawl.  The first
is its leader: it walks the lists, and all of them fetch the articles.  Only ``settings.py`` (by name) and
the preflight know of this package, and nothing of it is imported by a crawl of one process.
"""
