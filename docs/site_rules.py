"""What the guide's build adds to MkDocs: folders of pages in the nav, and links that leave the guide."""

from __future__ import annotations

import posixpath
import re
from fnmatch import fnmatchcase
from typing import Any

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s#]+)(#[^)\s]*)?\)")
FENCED = re.compile(r"(^ *```.*?^ *```\s*?$)", flags=re.M | re.S)


def on_files(files: Any, config: Any) -> Any:
    """Put each page that the nav does not name where an entry with a ``*`` matches it, at the first that does."""
    pages = sorted(file.src_uri for file in files.documentation_pages())
    named = set(_entries(config["nav"]))
    config["nav"] = _with_folders(config["nav"], [page for page in pages if page not in named])
    return files


def _entries(nav: list[Any]) -> list[str]:
    """Return the entries of a nav, of every depth."""
    found: list[str] = []
    for entry in nav:
        below = list(entry.values()) if isinstance(entry, dict) else [entry]
        found += [each for part in below for each in (_entries(part) if isinstance(part, list) else [part])]
    return found


def _with_folders(nav: list[Any], spare: list[str]) -> list[Any]:
    made: list[Any] = []
    for entry in nav:
        if isinstance(entry, dict):
            made.append({k: _with_folders(v, spare) if isinstance(v, list) else v for k, v in entry.items()})
        elif "*" in entry:
            taken = [page for page in spare if fnmatchcase(page, entry)]
            spare[:] = [page for page in spare if page not in taken]
            made += taken
        else:
            made.append(entry)
    return made


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Name a file of the project that is no page of the guide, in the place of a link that would lead nowhere."""
    return "".join(
        part if part.startswith("```") else LINK.sub(lambda link: _kept(link, page.file.src_uri), part)
        for part in FENCED.split(markdown)
    )


def _kept(link: re.Match[str], source: str) -> str:
    label, target, _ = link.groups()
    if "://" in target:
        return link.group(0)
    path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(source), target))
    return link.group(0) if path.startswith("docs/") else f"{label} (`{path}`)"
