"""What the facts say together: rows with support and conflicts, findings, gaps, numbers that changed.

Pure: facts in, documents out; no database and no clock.
"""

# Of the rules in this package and of what its documents look like: with another one all is made anew.
VERSION = 2
