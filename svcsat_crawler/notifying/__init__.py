"""Messages about spiders whose state has changed: what they say, and how they reach people."""
