"""The tagger: one article in, its crisis tags with their evidence out.

One pass of one automaton over the folded title and text finds the gazetteer's names, the lexicon's
cues, blockers and word classes and the terms of named crises; the other modules of this room read
those hits. Built once a process, read-only afterwards, the same answer everywhere.
"""

import gc
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import xxhash

from transforms.records import Category, Evidence, Tags
from transforms.tag.acts import acts_of
from transforms.tag.automaton import Automaton, Hit, Listed
from transforms.tag.casualties import casualties_of, summary
from transforms.tag.codes import CODES
from transforms.tag.crises import TERM_CHARS, load_crises, matching
from transforms.tag.document import Document, Span
from transforms.tag.gates import STRONG, position
from transforms.tag.geo import Anchor, GeoIndex, GeoResult
from transforms.tag.lexicon import EVENTS, load_lexicon
from transforms.tag.matching import damp_of, language_of, place_hits
from transforms.tag.names import LAYER as NAMES
from transforms.tag.normalise import fold
from transforms.tag.options import TagOptions
from transforms.tag.roles import Telling
from transforms.tag.rules import RuleBook
from transforms.tag.score import Scores, points, score, shown
from transforms.tag.sentences import Sentences
from transforms.tag.severity import severity_of

MAX_CHARS = 30_000  # of the text; what follows adds nothing but time: a novel is no news story
MAX_TITLE = 1_000
_TERMS = "/terms"  # a layer beside those of lexicon and names
_TERMS_FROM = 1 << 40  # number of the first term, behind lexicon and names
_START_END_CODE_RULE = attrgetter("start", "end", "code", "rule")
_VERB_FIRST = ("ar",)
_CLASS_OF = {
    "country": "state", "demonym": "state", "seat": "state", "leader": "state", "org": "org",
    "group": "group", "place": "place", "part": "place",
}  # fmt: skip


class _Hits(NamedTuple):
    """What the automaton found: cues and blockers, words by class, names, terms of crises."""

    events: list[Hit]
    words: Mapping[str, list[Hit]]
    names: list[Hit]
    terms: set[str]


class Analysis(NamedTuple):
    """Everything the tagger knows of one article: for `explain`."""

    doc: Document
    scores: Scores
    geo: GeoResult
    tags: Tags


class Tagger:
    """Tags articles by the data files that `options` name; DataFileError when one is wrong."""

    def __init__(self, options: TagOptions | None = None) -> None:
        self.options = options or TagOptions()
        collecting = gc.isenabled()
        gc.disable()  # the tables are hundreds of thousands of objects that all stay
        try:
            self._build()
        finally:
            if collecting:
                gc.enable()
        gc.freeze()  # later collections need not walk them
        self.version = _version(self.options)

    def _build(self) -> None:
        self._lexicon = load_lexicon(self.options.lexicon)
        self._crises = load_crises(self.options.crises)
        self._geo = GeoIndex.load()
        self._terms = sorted({term for rule in self._crises for term in rule.terms})
        self._automaton = Automaton(
            self._lexicon,
            self._geo.names,
            Listed(self._terms, None, _TERMS_FROM, _TERMS),
        )
        self._automaton.prepare("en")
        self._rules = RuleBook(self._lexicon.rules)

    def tag(
        self, title: str | None, text: str, language: str | None, published_at: int | None
    ) -> Tags:
        """The tags of one article; `language` ISO 639-1 or empty, `published_at` UTC ms or None."""
        return self.analyse(title, text, language, published_at).tags

    def analyse(
        self, title: str | None, text: str, language: str | None, published_at: int | None
    ) -> Analysis:
        """The tags together with the cues, scores and names that they come from.

        Reads MAX_TITLE characters of the title and MAX_CHARS of the text.
        """
        title, text = (title or "")[:MAX_TITLE].replace("\n", " "), text[:MAX_CHARS]
        joined = f"{title}\n{text}"
        folded = fold(joined)
        spoken = (language or "").split("-")[0]
        if spoken in ("", "und"):
            found = self._found(folded, "", len(title))
            hits = chain(found.events, *found.words.values())
            spoken = language_of(hits, self._lexicon.meanings)
        found = self._found(folded, spoken, len(title))
        doc = Document(title, text, spoken, folded, Sentences(joined))
        year = _year(published_at)
        place_hits(doc, found.events, found.words, self._lexicon, year)
        told = [(c.start, c.end, c.code) for c in doc.cues if c.weight > 1]
        geo = self._geo.resolve(title, text, folded, found.names, told, _telling(doc))
        _add_anchors(doc, geo.anchors)
        damps = {n: damp_of(doc, n, year) for n in doc.classes}
        doc.cues.extend(self._rules.fire(doc, damps))
        doc.cues.sort(key=_START_END_CODE_RULE)
        floors = [c for c in doc.cues if c.source is not None and c.source.floor and c.damp == 1]
        scores = score(doc, floors)
        tags = self._tags(doc, scores, geo, found.terms, damps, published_at)
        return Analysis(doc, scores, geo, tags)

    def _found(self, folded: str, language: str, title_end: int) -> "_Hits":
        """Hits by layer; those that run from the title into the text are dropped."""
        layers = self._automaton.layers(folded, language)
        for hits in layers.values():
            if hits[0][0] < title_end:
                hits[:] = [hit for hit in hits if not hit[0] < title_end < hit[1]]
        names, terms = layers.pop(NAMES, []), layers.pop(_TERMS, [])
        return _Hits(
            layers.pop(EVENTS, []),
            layers,
            names,
            {self._terms[n - _TERMS_FROM] for s, _, n in terms if s <= title_end + TERM_CHARS},
        )

    def _tags(
        self,
        doc: Document,
        scores: Scores,
        geo: GeoResult,
        terms: set[str],
        damps: dict[int, float],
        published_at: int | None,
    ) -> Tags:
        is_crisis = scores.crisis >= self.options.threshold
        found = shown(scores, is_crisis)
        categories = [
            Category(code, round(found[code], 4), self._evidence(doc, code))
            for code in sorted(found, key=lambda code: (-found[code], CODES.index(code)))
        ]
        common = Tags(
            is_crisis=is_crisis,
            categories=categories,
            crisis_score=round(scores.crisis, 4),
            countries=geo.countries,
            places=geo.places,
            organisations=geo.organisations,
            tagger_version=self.version,
            lexicon_level=self._lexicon.level_of(doc.language),
        )
        if not is_crisis:
            return common
        given = list(found)
        casualties = casualties_of(doc, damps)
        dead, injured = summary(doc, casualties, "dead"), summary(doc, casualties, "injured")
        return common._replace(
            crises=matching(
                self._crises, {c.alpha3: c.role for c in geo.countries}, given, terms, published_at
            ),
            severity=severity_of(doc, given, dead[0], injured[0]),
            dead_min=dead[0],
            dead_max=dead[1],
            injured_min=injured[0],
            injured_max=injured[1],
            casualties=casualties,
            acts=acts_of(doc, given, geo.anchors),
        )

    def _evidence(self, doc: Document, code: str) -> list[Evidence]:
        cues = [cue for cue in doc.cues if cue.code == code]
        cues.sort(key=lambda c: (-points(c.weight) * position(doc, c.start) * c.damp, c.start))
        return [
            doc.evidence(cue.start, cue.end, cue.rule) for cue in cues[: self.options.max_evidence]
        ]


@lru_cache(maxsize=2)
def shared_tagger(options: TagOptions) -> Tagger:
    """The one tagger of this process for `options`: workers in threads share its tables."""
    return Tagger(options)


def _telling(doc: Document) -> Telling:
    """The sentences that tell of acts and the words of bystanders, for the roles of countries."""
    acts = {cue.sentence for cue in doc.cues if cue.weight >= STRONG}
    words = [span for held in doc.classes.values() for span in held.get("bystand", ())]
    spans = [doc.sentences.span(number) for number in sorted(acts)]
    return Telling(doc.folded, spans, sorted(words), doc.language in _VERB_FIRST)


def _add_anchors(doc: Document, anchors: Sequence[Anchor]) -> None:
    classes, of = doc.classes, doc.sentences.of
    new = tuple.__new__  # a third of the time of Span(…)
    for start, end, kind, _, _ in anchors:
        name = _CLASS_OF.get(kind)
        if name is not None:
            found = classes.setdefault(of(start), {})
            found.setdefault(name, []).append(new(Span, (start, end)))


def _year(published_at: int | None) -> int | None:
    if published_at is None:
        return None
    return datetime.fromtimestamp(published_at / 1000, UTC).year


@lru_cache(maxsize=4)
def _version(options: TagOptions) -> str:
    """A short hash of all data files: it changes when an answer may change."""
    folder = Path(__file__).parent / "data"
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.suffix != ".npz"]
    for extra in (options.crises, options.lexicon):
        if extra:
            root = Path(extra)
            paths += sorted(root.rglob("*.yaml")) if root.is_dir() else [root]
    digest = xxhash.xxh3_64()
    for path in paths:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
