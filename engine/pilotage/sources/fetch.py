"""Downloads of what data/reference/sources.yaml names: checked, recorded, never half there.

A file is downloaded aside, recognised by its content, and only then put in its place; its sha256 and address are
recorded in ``checksums.json``. A file that is there with the sha256 recorded is not downloaded again. Proxies are taken
from the environment, as usual.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pooch
import requests
from ruamel.yaml import YAML

from pilotage import assets
from pilotage.case.writing.workspace import workspace
from pilotage.domain.checksums import sha256_of
from pilotage.errors import DataError, Problem, UsageError
from pilotage.sources.fetch_pages import file_name, newest_link
from pilotage.sources.files.column_maps import column_maps
from pilotage.sources.files.read import recognise
from pilotage.sources.opening.contents import LARGEST_BYTES

RECORD = "checksums.json"
TIMEOUT_SECONDS = (10.0, 60.0)  # to connect, and between two pieces of an answer
LONGEST_SECONDS = 1_800  # of one download
PIECE_BYTES = 1_000_000

YEARS = range(1990, 2100)
YEARS_ALLOWED = f"a year from {YEARS[0]} to {YEARS[-1]}"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Download:
    """One file to have: its source, its address, and its path below the folder.

    Where ``link`` is given, ``url`` is a page, ``path`` a folder, and the file is the newest that the page links to
    by a name of this pattern; it keeps its name, which says its day.
    """

    source: str
    url: str
    path: str
    link: str | None = None


def planned(sources: Iterable[str], years: Iterable[int], today: date, book: Path | None = None) -> list[Download]:
    """Return the downloads of the sources (all that have an address, where none is named) for the years.

    Raises
    ------
    UsageError
        For a source that is unknown or has no address, and where yearly tables are asked for without a year.
    """
    text = (book or assets.reference() / "sources.yaml").read_text(encoding="utf-8")
    known: dict[str, dict[str, Any]] = YAML(typ="safe").load(text)
    named = list(sources) or [name for name, entry in known.items() if {"url", "page"} & entry.keys()]
    problems = [problem for name in named for problem in _unknown(name, known)]
    wanted = sorted(set(years))
    problems += [
        Problem("--year", f"found {year}", YEARS_ALLOWED, "2014 is 2013/14") for year in wanted if year not in YEARS
    ]
    yearly = [name for name in named if name in known and "{span}" in known[name].get("url", "")]
    if yearly and not wanted:
        problems.append(Problem("--year", "none given", f"a year for {', '.join(yearly)}", "add --year 2014"))
    if problems:
        raise UsageError(problems)
    return [download for name in named for download in _downloads(name, known[name], wanted, today)]


def _unknown(name: str, known: dict[str, dict[str, Any]]) -> list[Problem]:
    if name not in known:
        near = get_close_matches(name, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else "choose one"
        return [Problem(f"--source {name}", "no such source", ", ".join(known), hint)]
    if not {"url", "page"} & known[name].keys():
        do = "download it by hand, and run `pilotage data import FOLDER`"
        return [Problem(f"--source {name}", "has no address to download from", "a source with one", do)]
    return []


def _downloads(name: str, entry: dict[str, Any], years: list[int], today: date) -> list[Download]:
    if "page" in entry:
        return [Download(name, entry["page"], entry["file"], entry["link"])]
    each = years if "{span}" in entry["url"] else [today.year]
    values = [{"year": year, "span": f"{year - 1}-{year}", "day": f"{today:%Y%m%d}"} for year in each]
    return [Download(name, entry["url"].format(**place), entry["file"].format(**place)) for place in values]


def fetch(downloads: list[Download], out: Path, *, offline: bool, say: Say) -> int:
    """Have every file in ``out``; return how many were downloaded. What succeeded stays when another fails.

    Raises
    ------
    DataError
        With one problem per file that could not be downloaded.
    """
    record = _read_record(out)
    problems: list[Problem] = []
    fetched = 0
    for asked in downloads:
        try:
            download = _linked(asked, out, record, offline=offline) if asked.link else asked
            if _is_there(download, out, record):
                say(f"{download.path}: there already")
                continue
            _have(download, out, record, offline, say)
            if asked.link:
                record[download.path]["page"] = asked.url
                _write_record(out, record)
            fetched += 1
        except DataError as error:
            problems.extend(error.problems)
    if problems:
        raise DataError(problems)
    return fetched


def _linked(page: Download, out: Path, record: dict[str, dict[str, str]], *, offline: bool) -> Download:
    """Return the download of the newest file that a page links to; offline, of the last one that it linked to."""
    if offline:
        known = [(path, entry["url"]) for path, entry in record.items() if entry.get("page") == page.url]
        path, url = max(known, default=(page.path, page.url))
        return Download(page.source, url, path)
    with workspace(out.resolve() / "fetch", out.resolve()) as aside:
        text = _downloaded(page, aside / "page" / "page.html").read_text(encoding="utf-8", errors="replace")
    url = newest_link(page.url, text, page.link or "")
    return Download(page.source, url, f"{page.path}/{file_name(url)}")


def _is_there(download: Download, out: Path, record: dict[str, dict[str, str]]) -> bool:
    target = out / download.path
    return target.is_file() and record.get(download.path, {}).get("sha256") == sha256_of(target)


def _have(download: Download, out: Path, record: dict[str, dict[str, str]], offline: bool, say: Say) -> None:
    target = out / download.path
    if target.exists():
        what, do = "is there, but not as it was downloaded", "move it away to download it again"
        raise DataError(Problem(str(target), what, "the file as recorded, or none", do))
    if offline:
        what = "is not there, and --offline forbids a download"
        raise DataError(Problem(download.path, what, "a copy", "drop --offline"))
    say(f"{download.path}: downloading")
    target.parent.mkdir(parents=True, exist_ok=True)
    with workspace(out.resolve() / "fetch", out.resolve()) as aside:
        fresh = _downloaded(download, aside / download.path)
        _expect_source(download, fresh)
        digest = sha256_of(fresh)
        fresh.replace(target)
    record[download.path] = {"sha256": digest, "url": download.url}
    _write_record(out, record)


def _downloaded(download: Download, aside: Path) -> Path:
    aside.parent.mkdir(parents=True)
    pooch.get_logger().setLevel(logging.WARNING)  # it tells each download in words for programmers
    try:
        pooch.retrieve(download.url, known_hash=None, path=aside.parent, fname=aside.name, downloader=_limited)
    except (requests.RequestException, OSError, ValueError) as error:
        do = "try again, or download it by hand and run `pilotage data import`"
        what = f"could not be downloaded: {_why(error)}"
        raise DataError(Problem(download.url, what, "a whole file", do)) from None
    return aside


def _limited(url: str, output_file: str, _pooch: object) -> None:
    """Download into a file, and stop where it is larger or takes longer than any official file should."""
    started, size = time.monotonic(), 0
    with requests.get(url, stream=True, timeout=TIMEOUT_SECONDS) as answer, Path(output_file).open("wb") as file:
        answer.raise_for_status()
        for piece in answer.iter_content(PIECE_BYTES):
            size += len(piece)
            if size > LARGEST_BYTES or time.monotonic() - started > LONGEST_SECONDS:
                most = f"{LARGEST_BYTES / 1e6:,.0f} MB in {LONGEST_SECONDS / 60:.0f} minutes"
                do = "download it by hand, and look what it is"
                raise DataError(Problem(url, f"is more than {most}", "an official table, far smaller", do))
            file.write(piece)


def _why(error: Exception) -> str:
    """Return why a download failed, in plain words."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answers with error {error.response.status_code}"
    if isinstance(error, requests.Timeout):
        return f"the server did not answer within {TIMEOUT_SECONDS[1]:g} seconds"
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return "the server cannot be reached, or broke off"
    return (
        "the address is wrong" if isinstance(error, requests.RequestException | ValueError) else "it cannot be written"
    )


def _expect_source(download: Download, fresh: Path) -> None:
    recognised = recognise(fresh)
    if recognised.source != download.source:
        label = column_maps()[download.source].label
        what = column_maps()[recognised.source].label if recognised.source else recognised.why_not
        do = "the address may have changed: download it by hand and run `pilotage data import`"
        raise DataError(Problem(download.url, f"what came is not {label}: {what}", "the table asked for", do))


def _read_record(out: Path) -> dict[str, dict[str, str]]:
    try:
        record: dict[str, dict[str, str]] = json.loads((out / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record


def _write_record(out: Path, record: dict[str, dict[str, str]]) -> None:
    assets.write_whole(out / RECORD, (json.dumps(dict(sorted(record.items())), indent=2) + "\n").encode())
