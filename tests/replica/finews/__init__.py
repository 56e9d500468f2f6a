"""finews: a Jekyll site of a few days, and the raw Markdown of what it has dropped."""
