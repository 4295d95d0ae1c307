"""The guide is built offline: no page asks another host for anything, and every link and anchor leads somewhere."""

import os
import re
import runpy
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.site import ROOT, build

ASKED_FOR = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}
OF_LINK = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "modulepreload", "manifest", "dns-prefetch"}


class Page(HTMLParser):
    """What a page links to, what it asks for when it is opened, and the anchors that it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.asked: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.anchors |= {named[name] for name in ("id", "name") if name in named}
        if tag == "a" and "href" in named:
            self.links.append(named["href"])
        if tag in ASKED_FOR and ASKED_FOR[tag] in named:
            self.asked.append(named[ASKED_FOR[tag]])
        if tag == "link" and OF_LINK & set(named.get("rel", "").split()):
            self.asked.append(named["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("site") / "first")


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    made = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*.html"))}
    return {name: Page(path.read_text(encoding="utf-8")) for name, path in made.items() if name != "404.html"}


def test_every_page_of_the_docs_is_in_the_guide(pages: dict[str, Page]) -> None:
    docs = ROOT / "docs"
    written = {path.relative_to(docs).with_suffix(".html").as_posix() for path in docs.rglob("*.md")}
    assert set(pages) == written
    shown = {urlsplit(link).path for link in pages["index.html"].links}
    assert written - {"index.html"} <= shown, "these pages are in no part of the nav"


def test_no_page_asks_another_host_for_anything(site: Path, pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        for target in page.asked:
            assert not urlsplit(target).netloc, (name, target)
            assert (site / name).parent.joinpath(unquote(urlsplit(target).path)).exists(), (name, target)
    for style in site.rglob("*.css"):
        text = re.sub(r"url\(['\"]?data:", "", style.read_text(encoding="utf-8"))
        assert not re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//", text), style


def _broken(folder: Path, name: str, page: Page, pages: dict[str, Page]) -> Iterator[str]:
    for link in page.links:
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = os.path.normpath(Path(name).parent / unquote(parts.path)) if parts.path else name
        held = pages.get(Path(target).as_posix())
        if not (folder / target).exists() or (parts.fragment and held and unquote(parts.fragment) not in held.anchors):
            yield f"{name}: {link}"


def test_every_link_and_anchor_leads_somewhere(site: Path, pages: dict[str, Page]) -> None:
    assert [broken for name, page in pages.items() for broken in _broken(site, name, page, pages)] == []


def test_a_second_build_gives_the_same_pages(site: Path, tmp_path: Path) -> None:
    again = build(tmp_path / "second")
    names = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    assert names == {path.relative_to(again) for path in again.rglob("*") if path.is_file()}
    differs = [name for name in sorted(names) if (site / name).read_bytes() != (again / name).read_bytes()]
    assert {name.name for name in differs} <= {"sitemap.xml", "sitemap.xml.gz"}, differs


def test_a_broken_link_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("", encoding="utf-8")
    pages = {"a.html": Page('<a href="#b">x</a><a href="c.html">y</a><a id="d" href="a.html#d">z</a>')}
    assert list(_broken(tmp_path, "a.html", pages["a.html"], pages)) == ["a.html: #b", "a.html: c.html"]


LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")
SOURCES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", SOURCES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere_on_a_plain_host_too(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = (page.parent / parts.path) if parts.path else page
        assert target.exists(), link
        if parts.fragment and target.suffix == ".md":
            assert parts.fragment in _headings(target), link


def _headings(page: Path) -> set[str]:
    """Return the anchors that git hosts give the headings of a page."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles}


RULES = runpy.run_path(str(ROOT / "docs" / "site_rules.py"))


def test_a_folder_of_the_nav_holds_the_pages_that_it_does_not_name() -> None:
    pages = [
        SimpleNamespace(src_uri=name) for name in ("index.md", "a/two.md", "a/one.md", "a/new.md", "b/x.md", "b/y.md")
    ]
    nav = ["index.md", {"A": ["a/on*.md", "a/two.md", "a/*.md"]}, {"B": ["b/*.md", "gone/*.md"]}, {"C": "b/y.md"}]
    config = {"nav": nav}
    RULES["on_files"](SimpleNamespace(documentation_pages=lambda: pages), config)
    named = ["index.md", {"A": ["a/one.md", "a/two.md", "a/new.md"]}, {"B": ["b/x.md"]}, {"C": "b/y.md"}]
    assert config["nav"] == named


def test_a_link_out_of_the_guide_is_named_and_every_other_stays() -> None:
    page = SimpleNamespace(file=SimpleNamespace(src_uri="method/plan.md"))
    text = (
        "[here](audit.md#a) [figures](../../benchmarks/RESULTS.md) [web](https://a.org/b)\n```\n[x](../../y.md)\n```\n"
    )
    kept = RULES["on_page_markdown"](text, page, {}, None)
    assert kept == text.replace("[figures](../../benchmarks/RESULTS.md)", "figures (`benchmarks/RESULTS.md`)")
