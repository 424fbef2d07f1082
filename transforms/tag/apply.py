"""Rows of JSON in, tags as JSON out: `crisiswire apply tags` (the form is fixed by the manual)."""

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from typing import Any

from transforms.records import Evidence, Tags
from transforms.tag.options import TagOptions
from transforms.tag.tagger import Tagger, shared_tagger

Row = dict[str, Any]
_CHUNK = 64
_ISO_639_3 = {
    "arb": "ar", "ara": "ar", "deu": "de", "ger": "de", "eng": "en", "fra": "fr", "fre": "fr",
    "spa": "es", "por": "pt", "ita": "it", "nld": "nl", "dut": "nl", "rus": "ru", "ukr": "uk",
    "zho": "zh", "chi": "zh", "cmn": "zh", "yue": "zh", "tur": "tr", "pes": "fa", "fas": "fa",
    "per": "fa", "prs": "fa", "swh": "sw", "swa": "sw", "pol": "pl", "jpn": "ja", "kor": "ko",
    "heb": "he", "hin": "hi", "und": "",
}  # fmt: skip


def tags_record(record: Row, tagger: Tagger) -> Row:
    """The tags of `record` (`id`, `text`; perhaps `title`, `language`, `published_at` in ms)."""
    published = record.get("published_at")
    tags = tagger.tag(
        str(record.get("title") or ""),
        str(record.get("text") or ""),
        _language(record),
        int(published) if isinstance(published, int | float) else None,
    )
    return {"id": record.get("id"), **as_json(tags)}


def _language(record: Row) -> str:
    """ISO 639-1 of `language` (or `lang`), also from forms like `deu_Latn` and `pt-BR`."""
    told = re.split(r"[-_]", str(record.get("language") or record.get("lang") or "").lower())[0]
    return _ISO_639_3.get(told, told)


def as_json(tags: Tags) -> Row:
    """Tags in the plain form of the manual; `places` are those of the text, by offset."""
    return {
        "is_crisis": tags.is_crisis,
        "crisis_score": tags.crisis_score,
        "categories": [
            {"code": c.code, "score": c.score, "evidence": [_evidence(e) for e in c.evidence]}
            for c in tags.categories
        ],
        "countries": [c._asdict() for c in tags.countries],
        "places": [
            {
                "start": p.start, "end": p.end, "name": p.name, "lat": p.lat, "lon": p.lon,
                "country": p.country, "kind": p.kind,
            }
            for p in tags.places
            if p.field == "text"
        ],
        "organisations": list(tags.organisations),
        "crises": list(tags.crises),
        "severity": tags.severity,
        "dead_min": tags.dead_min,
        "dead_max": tags.dead_max,
        "injured_min": tags.injured_min,
        "injured_max": tags.injured_max,
        "casualties": [{**c._asdict(), "evidence": _evidence(c.evidence)} for c in tags.casualties],
        "tagger_version": tags.tagger_version,
        "lexicon_level": tags.lexicon_level,
    }  # fmt: skip


def _evidence(evidence: Evidence) -> Row:
    return evidence._asdict()


def tags_rows(rows: Iterable[Row], workers: int = 1, crises: str = "") -> Iterator[Row]:
    """The tags of each row, in order; with more than one worker in as many processes."""
    options = TagOptions(crises=crises)
    tagger = shared_tagger(
        options
    )  # here too, so that a wrong data file ends before any worker starts
    if workers <= 1:
        for row in rows:
            yield tags_record(row, tagger)
        return
    with ProcessPoolExecutor(workers) as pool:
        for done in pool.map(partial(_chunk, options), _chunks(rows)):
            yield from done


def _chunk(options: TagOptions, rows: list[Row]) -> list[Row]:
    tagger = shared_tagger(options)
    return [tags_record(row, tagger) for row in rows]


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while chunk := list(islice(source, _CHUNK)):
        yield chunk
