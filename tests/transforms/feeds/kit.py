"""Documents to parse in tests, written as short as they can be."""

from transforms.feeds.parse import ParsedFeed, ParseTask, parse_document

NOW = 1_717_200_000_000  # 2024-06-01
URL = "https://news.example/feeds/all.xml"

ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"
  xml:base="https://atom.example/base/"><title>Atom</title>
<entry><id>tag:atom.example,2024:1</id>
<title type="html">&lt;b&gt;Eins&lt;/b&gt; &amp;amp; zwei</title>
<link rel="alternate" href="s/1"/><published>2024-05-01T10:00:00+02:00</published>
<updated>2024-05-02T10:00:00Z</updated>
<author><name>Ada B.</name><email>ada@atom.example</email></author>
<category term="politics" label="Politik"/><summary>kurz</summary>
<content type="html">&lt;p&gt;Der ganze Text&lt;/p&gt;</content></entry></feed>"""


def rss(items: str, channel: str = "<title>Example</title>", attributes: str = "") -> bytes:
    """An RSS 2.0 document."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {attributes}>'
        f"<channel>{channel}{items}</channel></rss>"
    ).encode()


def item(**fields: str) -> str:
    """An RSS item; a field is an element with that text, `link` has a default."""
    fields = {"link": "https://news.example/a", "title": "A title"} | fields
    return "<item>" + "".join(f"<{n}>{v}</{n}>" for n, v in fields.items()) + "</item>"


def parse(body: bytes, url: str = URL, **given: object) -> ParsedFeed:
    """The parsed document, fetched from `url` at NOW."""
    task = ParseTask(body, url, url, now=NOW)
    return parse_document(task._replace(**given))  # type: ignore[arg-type]
