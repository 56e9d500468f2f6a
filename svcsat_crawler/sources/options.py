"""The sites' configuration: ``sites.toml`` of the package, changed by a file of the user's own."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any


class OptionsError(ValueError):
    """A configuration file that cannot be used; the message names file and place."""


def merge(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return *base* with *changes*: tables are merged, other values replaced.

    >>> merge({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}})
    {'a': {'x': 1, 'y': 3}}
    """
    merged = dict(base)
    for name, value in changes.items():
        old = merged.get(name)
        merged[name] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def load(site: str, user_file: str = "") -> dict[str, Any]:
    """Return the options of *site*.

    Raises OptionsError when *user_file* is missing, is no TOML, or names an unknown site.
    """
    packaged = resources.files("svcsat_crawler").joinpath("sites.toml").read_text("utf-8")
    options = tomllib.loads(packaged)
    if user_file:
        try:
            changes = tomllib.loads(Path(user_file).read_text("utf-8"))
        except OSError as error:
            raise OptionsError(f"SVCSAT_SITES={user_file!r} cannot be read: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise OptionsError(f"SVCSAT_SITES={user_file!r} is no TOML: {error}") from error
        for name in changes:
            if name not in options:
                raise OptionsError(
                    f"SVCSAT_SITES={user_file!r}: unknown site [{name}], known are {', '.join(options)}"
                )
        options = merge(options, changes)
    return options[site]
