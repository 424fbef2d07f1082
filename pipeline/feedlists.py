"""The four forms of a feed list, read into rows and written from feeds. Nothing is judged here.

OPML 2.0 (opml.org/spec2.opml; entities and network off), CSV with the column names that people
use, plain text with one address a line, YAML as a list of addresses or of mappings.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import yaml
from lxml import etree

from transforms.errors import ConfigError

ALIASES = {
    "url": ("url", "feed_url", "feedurl", "xmlurl", "rss_url", "rss", "feed", "address", "link"),
    "name": ("name", "title", "text", "feed_name", "feed_title"),
    "tags": ("tags", "category", "categories", "folder", "group", "topic"),
    "language": ("language", "lang"),
    "country": ("country", "country_code"),
    "id": ("id", "feed_id"),
    "enabled": ("enabled", "active"),
    "disabled": ("disabled",),
    "site": ("site", "htmlurl", "html_url", "homepage", "site_url", "website"),
}
_FIELD = {alias: field for field, aliases in ALIASES.items() for alias in aliases}
_OPML_OWN = ("type", "version", "description", "isComment", "isBreakpoint", "created")


class Row(NamedTuple):
    """One line of a list: its fields by the names above; `fault` when it couldn't be read."""

    line: int
    fields: dict[str, str]
    tags: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()
    text: str = ""
    fault: str = ""


def form_of(data: bytes, name: str) -> str:
    """`opml`, `csv`, `yaml` or `text`, by what the content shows, else by the suffix."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    suffix = name.lower().rsplit(".", 1)[-1]
    if head.startswith(b"<") or suffix in ("opml", "xml"):
        return "opml"
    if suffix in ("csv", "tsv"):
        return "csv"
    if suffix in ("yaml", "yml"):
        return "yaml"
    first = head.split(b"\n", 1)[0].lower()
    columns = {part.strip(b" \"'\r") for part in first.replace(b";", b",").split(b",")}
    named = {alias.encode() for alias in ALIASES["url"]}
    return "csv" if len(columns) > 1 and columns & named else "text"


def read_opml(data: bytes, source: str) -> Iterator[Row]:
    """Outlines with an `xmlUrl`, at any depth; the folders above become tags."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ConfigError(f"{source}: not OPML: {error}; export the list again") from error
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise ConfigError(f"{source}: not OPML: the root element is not <opml>")
    for outline in root.iter("{*}outline"):
        fields, extra = _attributes(outline)
        if "url" in fields:
            tags = (*_folders(outline), *_split(fields.pop("tags", "")))
            yield Row(_line(outline), fields, tuple(dict.fromkeys(tags)), extra, fields["url"])


def _attributes(outline: etree._Element) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    fields: dict[str, str] = {}
    extra = []
    for raw_name, raw_value in outline.attrib.items():
        name, value = str(raw_name), str(raw_value)
        field = _FIELD.get(name.lower()) if name.lower() not in ("url", "link") else None
        if field is None and name not in _OPML_OWN:
            extra.append((name, value))
        elif field is not None and value.strip() and (field not in fields or name == "title"):
            fields[field] = value.strip()
    return fields, tuple(extra)


def _line(element: etree._Element) -> int:
    line: Any = element.sourceline
    return line if isinstance(line, int) else 0


def _folders(outline: etree._Element) -> list[str]:
    names = []
    for folder in outline.iterancestors("{*}outline"):
        attributes = {str(key).lower(): str(value) for key, value in folder.attrib.items()}
        name = attributes.get("text") or attributes.get("title") or ""
        if "xmlurl" not in attributes and name.strip():
            names.append(name.strip())
    return names[::-1]


def read_csv(data: bytes, source: str) -> Iterator[Row]:
    """A header line, then a feed a line; comma, semicolon or tab."""
    text = _text(data, source)
    header = text.lstrip("\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    columns: list[str] = []
    line = 0
    try:
        for cells in reader:
            line, start = reader.line_num, line + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(cells, source)
                continue
            yield _csv_row(start, columns, cells)
    except csv.Error as error:
        yield Row(line + 1, {}, text="", fault=f"not CSV from here on: {error}")


def _columns(cells: list[str], source: str) -> list[str]:
    columns = [_FIELD.get(cell.strip().lower(), "") for cell in cells]
    if "url" not in columns:
        named = ", ".join(ALIASES["url"][:5])
        raise ConfigError(f"{source}: line 1: no column for the address; name one of {named}")
    return columns


def _csv_row(line: int, columns: list[str], cells: list[str]) -> Row:
    fields: dict[str, str] = {}
    for field, cell in zip(columns, cells, strict=False):
        if field and cell.strip():
            fields.setdefault(field, cell.strip())
    return _row(line, fields, ",".join(cells))


def read_text(data: bytes, source: str) -> Iterator[Row]:
    """An address a line, perhaps a name after white space; `#` begins a comment line."""
    for number, raw in enumerate(_text(data, source).splitlines(), 1):
        line = raw.strip()
        if line and not line.startswith("#"):
            url, _, name = line.partition(" ")
            named = name.partition(" #")[0].strip()
            yield Row(number, {"url": url, "name": named.removeprefix("#")}, text=line)


def read_yaml(data: bytes, source: str) -> Iterator[Row]:
    """A list, or a mapping with a list under `feeds`; items are addresses or mappings."""
    try:
        root = yaml.compose(_text(data, source), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{source}: not YAML: {' '.join(str(error).split())[:200]}") from error
    if isinstance(root, yaml.MappingNode):
        root = next((value for key, value in root.value if key.value == "feeds"), None)
    if not isinstance(root, yaml.SequenceNode):
        raise ConfigError(f"{source}: line 1: a list of feeds is a YAML list, or one under feeds")
    for node in root.value:
        yield _yaml_row(node)


def _yaml_row(node: yaml.Node) -> Row:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Row(line, {"url": str(node.value)}, text=str(node.value))
    if not isinstance(node, yaml.MappingNode):
        return Row(line, {}, text="", fault="neither an address nor a mapping")
    fields: dict[str, str] = {}
    for key, value in node.value:
        field = _FIELD.get(str(key.value).lower())
        if field and isinstance(value, yaml.ScalarNode) and value.tag != "tag:yaml.org,2002:null":
            fields.setdefault(field, str(value.value))
        elif field == "tags" and isinstance(value, yaml.SequenceNode):
            fields["tags"] = ",".join(str(item.value) for item in value.value)
    return _row(line, fields, fields.get("url", ""))


def _row(line: int, fields: dict[str, str], text: str) -> Row:
    tags = _split(fields.pop("tags", ""))
    off = fields.pop("disabled", "").lower()
    if off and "enabled" not in fields:
        fields["enabled"] = "no" if off in ("1", "true", "yes", "on") else "yes"
    return Row(line, fields, tags, text=text)


def _split(tags: str) -> tuple[str, ...]:
    parts = tags.replace(";", ",").replace("|", ",").split(",")
    return tuple(dict.fromkeys(part.strip(" /") for part in parts if part.strip(" /")))


def _text(data: bytes, source: str) -> str:
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16").replace("\r\n", "\n")
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{source}: not UTF-8 at byte {error.start}; save it as UTF-8") from error


READERS: dict[str, Callable[[bytes, str], Iterable[Row]]] = {
    "opml": read_opml,
    "csv": read_csv,
    "text": read_text,
    "yaml": read_yaml,
}

Plain = dict[str, Any]
"""A feed as plain values, in the order in which they are written."""


def write_opml(feeds: Iterable[Plain], title: str = "feeds") -> bytes:
    """OPML 2.0 with one flat outline a feed; tags as `category`, vendor attributes as they came."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = title
    body = etree.SubElement(root, "body")
    for feed in feeds:
        outline = etree.SubElement(body, "outline", type="rss", text=feed["name"] or feed["url"])
        named = {"xmlUrl": feed["url"], "htmlUrl": feed["site"], "language": feed["language"]}
        named |= {"country": feed["country"], "id": feed["id"], "category": ",".join(feed["tags"])}
        for name, value in {**dict(feed["extra"]), **named}.items():
            if value:
                outline.set(name, value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def write_csv(feeds: Iterable[Plain]) -> bytes:
    """CSV with a header: url, name, language, country, id, tags, enabled."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("url", "name", "language", "country", "id", "tags", "enabled"))
    for feed in feeds:
        row = [feed[name] for name in ("url", "name", "language", "country", "id")]
        writer.writerow([*row, ";".join(feed["tags"]), "yes" if feed["enabled"] else "no"])
    return out.getvalue().encode("utf-8")


def write_yaml(feeds: Iterable[Plain]) -> bytes:
    """YAML as the configuration takes it: a list under `feeds`, empty values left out."""
    rows = []
    for feed in feeds:
        row = {name: feed[name] for name in ("id", "name", "url", "language", "country")}
        kept = {name: value for name, value in row.items() if value}
        rows.append(kept if feed["enabled"] else kept | {"enabled": False})
    text = yaml.safe_dump({"feeds": rows}, sort_keys=False, allow_unicode=True, width=1000)
    return str(text).encode("utf-8")


WRITERS: dict[str, Callable[[Iterable[Plain]], bytes]] = {
    "opml": write_opml,
    "csv": write_csv,
    "yaml": write_yaml,
}
