"""A live look at each site: one list page, one article, every selector; nothing is stored."""
