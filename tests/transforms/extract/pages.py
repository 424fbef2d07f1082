"""Pages written for the tests: a story on a plain site, and pages that are no story."""

from transforms.outcomes import Reason
from transforms.records import Entry, Page, RunContext

CTX = RunContext("run-1", 1_700_000_000_000, "lake")
FETCHED_AT = 1_700_000_000_000  # 2023-11-14

PARAGRAPHS = [
    "The ferry between the two islands stood still for a third day on Monday, after dock workers "
    "rejected an offer that the port authority had called its last.",
    "Around four thousand commuters use the line each morning. Many crossed by fishing boat, "
    "others stayed at home, and schools on the smaller island opened two hours late.",
    "A spokesman for the port, Arvid Holm, said that talks would begin again on Wednesday if the "
    "workers lifted their blockade of the northern pier.",
    "The union wants longer breaks on night shifts and a say in how crews are put together. It "
    "pointed to two accidents in spring in which tired crew members were hurt.",
]


def story_html(
    title: str = "Ferry strike enters third day",
    head: str = "",
    before: str = "",
    after: str = "",
    paragraphs: list[str] | None = None,
    lang: str = "en",
) -> str:
    """A small news page; `before` and `after` stand inside the article element."""
    body = "".join(f"<p>{p}</p>" for p in (PARAGRAPHS if paragraphs is None else paragraphs))
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{title} - Harbour Post</title>"
        f'<meta property="og:site_name" content="Harbour Post">{head}</head><body>'
        '<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>'
        f"<main><article><h1>{title}</h1>{before}{body}{after}</article></main>"
        '<footer><a href="/about">About us</a></footer></body></html>'
    )


def page_of(
    html: str | bytes,
    url: str = "https://harbour.example/news/ferry-strike",
    reason: Reason = Reason.FETCHED,
    **entry: object,
) -> Page:
    """A page as fetching would hand it on."""
    body = html.encode() if isinstance(html, str) else html
    fields: dict[str, object] = {
        "feed_url": "https://harbour.example/feed",
        "feed_title": "Harbour Post",
        "url": url,
        "canonical_url": url,
        "id": "00ff" * 8,
        **entry,
    }
    status = 200 if reason is Reason.FETCHED else 503
    made = Entry(**fields)  # type: ignore[arg-type]
    return Page(made, url, status, reason.value, body=body, fetched_at=FETCHED_AT)
