"""News sitemaps and sitemap indexes (sitemaps.org 0.9, Google's news and image extensions).

A news sitemap is a feed without summaries; an index lists further sitemaps, newest first, which
become `children`. Read with lxml: no entities, no network, a damaged tail tolerated.
"""

from lxml import etree

from transforms.errors import ItemError
from transforms.feeds.raw import RawDate, RawDocument, RawItem
from transforms.outcomes import Reason

ROOTS = ("urlset", "sitemapindex")
MAX_CHILDREN = 50

Fields = dict[str, str]


def read_sitemap(body: bytes) -> RawDocument:
    """The document of a sitemap or sitemap index; ItemError(parse_failed) when it is none."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ItemError(Reason.PARSE_FAILED, f"sitemap: {error}") from error
    if root is None or _name(root) not in ROOTS:
        raise ItemError(Reason.PARSE_FAILED, "no sitemap: the root is neither of its two")
    damage = f"XMLSyntaxError: {parser.error_log[0].message}" if len(parser.error_log) else ""
    rows = [_fields(child) for child in root if isinstance(child.tag, str)]
    if _name(root) == "sitemapindex":
        rows.sort(key=lambda row: row.get("lastmod", ""), reverse=True)
        children = tuple(row["loc"] for row in rows if row.get("loc"))[:MAX_CHILDREN]
        return RawDocument(kind="sitemap_index", children=children, damage=damage)
    news = any("title" in row for row in rows)
    return RawDocument(
        kind="news_sitemap" if news else "sitemap",
        title=next((row["name"] for row in rows if row.get("name")), ""),
        language=next((row["language"] for row in rows if row.get("language")), ""),
        items=tuple(_item(row) for row in rows),
        damage=damage,
    )


def _item(row: Fields) -> RawItem:
    keywords = row.get("keywords", "").split(",")
    return RawItem(
        links=(row.get("loc", ""),),
        title=row.get("title", ""),
        tags=tuple(word.strip() for word in keywords if word.strip()),
        image=row.get("image", ""),
        language=row.get("language", ""),
        published=RawDate(row.get("publication_date", "")),
        updated=RawDate(row.get("lastmod", "")),
    )


def _fields(element: etree._Element) -> Fields:
    """Leaf elements by local name; the image extension's `loc` is the image, not the page."""
    found: Fields = {}
    for leaf in element.iter():
        if not isinstance(leaf.tag, str) or len(leaf):
            continue
        name = _name(leaf)
        if "image" in (etree.QName(leaf).namespace or "") or "video" in (
            etree.QName(leaf).namespace or ""
        ):
            name = "image" if name == "loc" else ""
        if name and leaf.text and leaf.text.strip():
            found.setdefault(name, leaf.text.strip())
    return found


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname.lower()
