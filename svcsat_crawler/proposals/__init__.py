"""Selectors for a layout that has changed: looked for on archived pages, tried there, and only printed."""
