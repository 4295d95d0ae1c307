"""Downloads against a local server that is well, slow, breaks off, or answers with a page."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from pilotage.errors import DataError, UsageError
from pilotage.sources import fetch as module
from pilotage.sources.fetch import Download, fetch, planned

CENSUS = b"URN,TOTPUPSENDN,PNUMEAL\n100000,90,60\n"
CARDS = (
    b"URN,School name,Local authority,Region,Type of education,Ofsted phase,Inspection start date,Publication date,"
    b"Leadership and governance\n100001,Elm,Camden,London,Community School,Primary,20/11/2025,15/01/2026,Exceptional\n"
)
LIST = "Management_information_-_state-funded_schools_-_latest_inspections_as_at_{}.csv"
LINKS = (  # the newest is not the first; other lists stand beside it
    "/media/0/all_inspections_-_year_to_date_published_by_31_May_2026.csv",
    *(
        f"/media/{number}/{LIST.format(day)}"
        for number, day in enumerate(["28_Feb_2026", "31_May_2026", "31_Jan_2026"])
    ),
)
PATH = "performance-tables/2013/england_census.csv"


class _Server(BaseHTTPRequestHandler):
    hits: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.hits.append(self.path)
        if self.path == "/gone":
            self.send_error(404)
            return
        page = b"<!doctype html><html><body>Service unavailable</body></html>"
        lists = f"<html><body>{''.join(f'<a href={link!r}>list</a>' for link in LINKS)}</body></html>".encode()
        bodies = {"/page": page, "/lists": lists, "/none": b"<html><a href='/media/a.ods'>tables</a></html>"}
        body = bodies.get(self.path, CARDS if self.path.startswith("/media/") else CENSUS)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body) + (1000 if self.path == "/broken" else 0)))
        self.end_headers()
        if self.path == "/slow":
            time.sleep(1.5)
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    _Server.hits.clear()
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


def _one(url: str) -> list[Download]:
    return [Download("dfe_census", url, PATH)]


def _files(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


def test_a_table_is_downloaded_once_recorded_and_not_again(
    server: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []
    assert fetch(_one(f"{server}/well"), tmp_path, offline=False, say=said.append) == 1
    assert said == [f"{PATH}: downloading"]
    assert capfd.readouterr().err == ""  # the library that downloads tells of hashes and of its own arguments
    assert (tmp_path / PATH).read_bytes() == CENSUS
    record = json.loads((tmp_path / "checksums.json").read_text(encoding="utf-8"))
    assert record[PATH]["url"] == f"{server}/well"
    assert fetch(_one(f"{server}/well"), tmp_path, offline=False, say=print) == 0
    assert _Server.hits == ["/well"]
    assert fetch(_one(f"{server}/well"), tmp_path, offline=True, say=print) == 0


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/gone", "404"),
        ("/broken", "could not be downloaded"),
        ("/page", "what came is not DfE performance tables, school census"),
        ("/slow", "could not be downloaded"),
    ],
)
def test_what_goes_wrong_is_told_and_leaves_nothing(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, words: str
) -> None:
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", (1.0, 0.5))
    with pytest.raises(DataError) as caught:
        fetch(_one(server + path), tmp_path, offline=False, say=print)
    assert words in str(caught.value)
    assert server + path in str(caught.value)
    assert _files(tmp_path) == set()


def test_what_succeeded_stays_when_another_fails(server: str, tmp_path: Path) -> None:
    two = [*_one(f"{server}/well"), Download("dfe_census", f"{server}/gone", PATH.replace("2013", "2014"))]
    with pytest.raises(DataError) as caught:
        fetch(two, tmp_path, offline=False, say=print)
    assert len(caught.value.problems) == 1
    assert _files(tmp_path) == {PATH, "checksums.json"}


def test_a_file_changed_by_hand_is_not_overwritten(server: str, tmp_path: Path) -> None:
    fetch(_one(f"{server}/well"), tmp_path, offline=False, say=print)
    (tmp_path / PATH).write_text("mine", encoding="utf-8")
    with pytest.raises(DataError, match="not as it was downloaded"):
        fetch(_one(f"{server}/well"), tmp_path, offline=False, say=print)
    assert (tmp_path / PATH).read_text(encoding="utf-8") == "mine"


def test_offline_downloads_nothing(server: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="--offline forbids"):
        fetch(_one(f"{server}/well"), tmp_path, offline=True, say=print)
    assert _Server.hits == []


def test_the_plan_fills_years_and_days_into_addresses() -> None:
    found = planned(["dfe_census", "gias_links"], [2014, 2013], date(2016, 11, 22))
    assert [one.path for one in found] == [
        "performance-tables/2013/england_census.csv",
        "performance-tables/2014/england_census.csv",
        "gias/links_edubasealldata.csv",
    ]
    assert "year=2012-2013" in found[0].url
    assert "20161122" in found[2].url


@pytest.mark.parametrize(
    ("sources", "years", "words"),
    [
        (["dfe_censu"], [2014], "did you mean 'dfe_census'?"),
        (["ofsted_mi"], [2014], "download it by hand"),
        (["dfe_census"], [], "add --year"),
        (["dfe_census"], [1], "--year - found 1 - a year from 1990 to 2099 - 2014 is 2013/14"),
    ],
)
def test_a_plan_that_cannot_be_is_told(sources: list[str], years: list[int], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        planned(sources, years, date(2016, 11, 22))
    assert words in str(caught.value)


@pytest.mark.parametrize(("limit", "value"), [("LARGEST_BYTES", 10), ("LONGEST_SECONDS", -1)])
def test_a_download_that_is_too_large_or_takes_too_long_is_stopped(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(module, limit, value)
    with pytest.raises(DataError, match=r"is more than [\d,]+ MB in -?\d+ minutes - an official table, far smaller"):
        fetch(_one(f"{server}/well"), tmp_path, offline=False, say=print)
    assert _files(tmp_path) == set()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("/gone", "the server answers with error 404"),
        ("/broken", "the server cannot be reached, or broke off"),
        ("http://127.0.0.1:1/x", "the server cannot be reached, or broke off"),
        ("nonsense", "the address is wrong"),
    ],
)
def test_why_a_download_failed_is_said_in_plain_words(server: str, tmp_path: Path, url: str, words: str) -> None:
    with pytest.raises(DataError) as caught:
        fetch(_one(server + url if url.startswith("/") else url), tmp_path, offline=False, say=print)
    assert f"could not be downloaded: {words} - a whole file" in str(caught.value)
    assert "Error" not in str(caught.value)


def _newest(url: str) -> list[Download]:
    return [Download("ofsted_report_cards", url, "ofsted-mi", r"latest_inspections_as_at_.*\.csv$")]


def test_the_newest_list_that_a_page_links_to_is_taken_under_its_own_name(server: str, tmp_path: Path) -> None:
    path = f"ofsted-mi/{LIST.format('31_May_2026')}"
    assert fetch(_newest(f"{server}/lists"), tmp_path, offline=False, say=print) == 1
    assert _files(tmp_path) == {path, "checksums.json"}
    assert (tmp_path / path).read_bytes() == CARDS
    assert fetch(_newest(f"{server}/lists"), tmp_path, offline=False, say=print) == 0
    assert _Server.hits == ["/lists", f"/media/1/{LIST.format('31_May_2026')}", "/lists"]
    assert fetch(_newest(f"{server}/lists"), tmp_path, offline=True, say=print) == 0
    assert len(_Server.hits) == 3


def test_a_page_without_the_list_is_told(server: str, tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"/none - has no link to the list - a link to a file named as latest_inspections"
    ):
        fetch(_newest(f"{server}/none"), tmp_path, offline=False, say=print)
    with pytest.raises(DataError, match="--offline forbids"):
        fetch(_newest(f"{server}/lists"), tmp_path, offline=True, say=print)
    assert _files(tmp_path) == set()


def test_the_pages_of_ofsteds_newest_lists_are_known() -> None:
    found = planned(["ofsted_mi_csv", "ofsted_report_cards"], [], date(2026, 11, 26))
    assert [one.url.split("/")[2] for one in found] == ["www.gov.uk", "www.gov.uk"]
    assert all(one.link and one.path == "ofsted-mi" for one in found)
