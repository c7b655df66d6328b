# SPDX-License-Identifier: Apache-2.0
"""Listing a web server: items and pages in order, digests from beside them, within limits, and nothing from elsewhere."""

from __future__ import annotations

import hashlib
import json

import pytest

from archive.errors import AnswerUnusable, SourceGone, SourceTooLarge, SourceUrlInvalid
from archive.fetching.access import Access
from archive.fetching.addresses import parse_address
from archive.fetching.listing import Found, list_server
from archive.fetching.servers import Servers
from archive.progress import Progress
from tests.integration.fetching.web import Web

DIGEST = hashlib.sha256(b"x").hexdigest()


def listed(web: Web, path: str, access: Access | None = None, *, one_item: bool = False) -> Found:
    with Servers(access or Access(timeout=10)) as servers:
        return list_server(servers, parse_address(web.url + path), one_item=one_item)


def items(web: Web, found: Found) -> dict[str, list[str]]:
    return {item.name: [page.removeprefix(web.url) for page in item.pages] for item in found.items}


def told(found: Found) -> list[tuple[str, str]]:
    return sorted((finding.code, finding.name) for finding in found.findings)


def test_folders_of_an_index_page_are_items_with_pages_in_natural_order(web: Web) -> None:
    for name in ("vol 2/p10.tif", "vol 2/p9.tif", "vol 10/a#b.tif", "vol 2/letter.pdf", "vol 2/.DS_Store"):
        web.files[f"/in/{name}"] = b"x"
    web.files["/in/readme.txt"] = b"x"
    web.files["/in/vol 2/deep/z.tif"] = b"x"
    web.files["/elsewhere.tif"] = b"x"
    found = listed(web, "/in/")
    assert items(web, found) == {
        "vol 2": ["/in/vol%202/p9.tif", "/in/vol%202/p10.tif"],
        "vol 10": ["/in/vol%2010/a%23b.tif"],
    }
    assert [other.removeprefix(web.url) for other in found.items[0].others] == ["/in/vol%202/letter.pdf"]
    assert told(found) == [
        ("left-out", "readme.txt"),
        ("left-out", "vol 2/.DS_Store"),
        ("left-out", "vol 2/deep/z.tif"),
    ]


def test_images_directly_in_a_folder_are_one_item_when_asked_for(web: Web) -> None:
    web.files["/in/vol 1/a.tif"] = b"x"
    assert items(web, listed(web, "/in/vol%201/", one_item=True)) == {"vol 1": ["/in/vol%201/a.tif"]}


def test_digests_beside_and_above_the_images_are_declared(web: Web) -> None:
    other = "cd" * 32
    web.files["/in/one/a.tif"] = web.files["/in/two/b.tif"] = b"x"
    web.files["/in/one/SHA256SUMS"] = f"{DIGEST} *a.tif\n".encode()
    web.files["/in/manifest-sha256.txt"] = f"{other}  two/b.tif\n{other}  ../../x.tif\n".encode()
    found = listed(web, "/in/")
    assert items(web, found) == {
        "one": [f"/in/one/a.tif#sha256={DIGEST}"],
        "two": [f"/in/two/b.tif#sha256={other}"],
    }
    assert told(found) == []


def test_a_table_gives_order_items_and_digests(web: Web) -> None:
    web.files["/lists/delivery.csv"] = (
        f"url,item,sha256,size\n../v/b.tif,Volume 1,{DIGEST},1\n{web.url}/v/a.tif,Volume 1,,\nw/c%20d.tif,,,7\n"
    ).encode()
    web.types["/lists/delivery.csv"] = "text/csv"
    assert items(web, listed(web, "/lists/delivery.csv")) == {
        "Volume 1": [f"/v/b.tif#sha256={DIGEST}&size=1", "/v/a.tif"],
        "w": ["/lists/w/c%20d.tif#size=7"],
    }


def test_json_and_plain_lists_are_known_by_their_type_too(web: Web) -> None:
    web.files["/api/files"] = json.dumps({"files": [{"url": "v/1.tif"}, "v/2.tif"]}).encode()
    web.types["/api/files"] = "application/json"
    assert items(web, listed(web, "/api/files")) == {"v": ["/api/v/1.tif", "/api/v/2.tif"]}
    web.files["/api/lines"] = b"v/2.tif\nv/1.tif\n"
    web.types["/api/lines"] = "text/plain"
    assert items(web, listed(web, "/api/lines")) == {"v": ["/api/v/2.tif", "/api/v/1.tif"]}


def test_a_list_names_nothing_on_other_hosts_until_both_are_allowed(web: Web) -> None:
    web.files["/list.txt"] = b"https://elsewhere.example.org/v/a.tif\nv/b.tif\n"
    web.types["/list.txt"] = "text/plain"
    assert told(listed(web, "/list.txt")) == [("other-host", "v/a.tif")]
    both = Access(hosts=("127.0.0.1", "*.example.org"))
    assert items(web, listed(web, "/list.txt", both))["v"] == [
        "https://elsewhere.example.org/v/a.tif",
        "/v/b.tif",
    ]
    other = Access(hosts=("127.0.0.1", "example.net"))
    assert told(listed(web, "/list.txt", other)) == [("other-host", "v/a.tif")]


@pytest.mark.parametrize(
    "line", ["file:///etc/passwd", "ftp://host/a.tif", "https://a:b@host/x.tif", "../../a\\b.tif"]
)
def test_a_list_with_an_address_that_nobody_may_fetch_is_refused(web: Web, line: str) -> None:
    web.files["/list.txt"] = line.encode()
    web.types["/list.txt"] = "text/plain"
    with pytest.raises(SourceUrlInvalid):
        listed(web, "/list.txt")


def test_names_that_climb_out_or_are_there_twice_are_problems(web: Web) -> None:
    web.files["/list.txt"] = f"{DIGEST}  v/a.tif\n{DIGEST}  v/A.tif\n{DIGEST}  v/-b.tif\n".encode()
    web.types["/list.txt"] = "text/plain"
    assert told(listed(web, "/list.txt")) == [("doubled-name", "v/A.tif"), ("name", "v/-b.tif")]
    web.files["/list.txt"] = f"{DIGEST}  ../../up.tif\n".encode()
    found = listed(web, "/list.txt")
    assert told(found) == [("name", "../../up.tif")]
    assert not found.items


def test_an_index_page_that_hides_a_way_out_leads_nowhere(web: Web) -> None:
    page = b'<html><a href="..%2f..%2fetc/">x</a><a href="%2e%2e/">y</a><a href="v%2fa.tif">z</a></html>'
    web.files["/in/"] = page
    web.types["/in/"] = "text/html"
    found = listed(web, "/in/")
    assert {path for path, _ in web.requests} == {"/in/"}
    assert not [item for item in found.items if any(".." in page for page in item.pages)]


def test_more_files_than_allowed_are_refused_before_all_are_read(web: Web) -> None:
    for number in range(30):
        web.files[f"/in/v{number}/a.tif"] = b"x"
    with pytest.raises(SourceTooLarge):
        listed(web, "/in/", Access(most_files=10))
    assert len(web.requests) < 15


def test_what_is_neither_page_nor_list_is_told(web: Web) -> None:
    web.files["/a.tif"] = b"II*\0"
    with pytest.raises(AnswerUnusable):
        listed(web, "/a.tif")
    with pytest.raises(SourceGone):
        listed(web, "/nothing/")


def test_a_listing_that_is_interrupted_ends(web: Web) -> None:
    web.files["/in/v/a.tif"] = b"x"

    def interrupt(progress: Progress) -> None:
        raise KeyboardInterrupt

    with Servers(Access()) as servers, pytest.raises(KeyboardInterrupt):
        list_server(servers, parse_address(f"{web.url}/in/"), progress=interrupt)
