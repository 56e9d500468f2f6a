"""南方Plus: column and topic JSON, static and PC article pages, script-built mobile lists."""
