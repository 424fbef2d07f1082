"""Why an article is tagged as it is, in lines that a person reads: for `crisiswire explain`.

The text with its evidence marked, each rule that fired or was blocked, the gates and the score.
"""

from collections.abc import Iterator

from transforms.tag.document import Cue
from transforms.tag.gates import position
from transforms.tag.score import held_sentences, points
from transforms.tag.tagger import Analysis, Tagger

WIDTH = 1200
_MARKS = ("⟦", "⟧")


def explain_lines(
    tagger: Tagger, title: str, text: str, language: str, published_at: int | None
) -> list[str]:
    """All lines of the explanation of one article, tagged by `tagger`."""
    analysis = tagger.analyse(title, text, language, published_at)
    return [
        *_verdict(analysis),
        "",
        *_sums(analysis),
        "",
        *_fired(analysis),
        *_blocked(analysis),
        "",
        *_marked(analysis),
    ]


def _verdict(analysis: Analysis) -> Iterator[str]:
    tags = analysis.tags
    yield f"crisis: {'yes' if tags.is_crisis else 'no'}  score {tags.crisis_score:.2f}"
    yield "categories: " + (", ".join(f"{c.code} {c.score:.2f}" for c in tags.categories) or "none")
    yield "countries: " + (", ".join(f"{c.alpha3} ({c.role})" for c in tags.countries) or "none")
    yield f"organisations: {', '.join(tags.organisations) or 'none'}"
    yield f"named crises: {', '.join(tags.crises) or 'none'}"
    yield f"severity: {tags.severity} of 5"
    for casualty in tags.casualties:
        sums = ", a sum over years" if casualty.cumulative else ""
        yield (
            f"casualties: {casualty.kind} {casualty.min}-{casualty.max}{sums}: "
            f"{casualty.evidence.text!r}"
        )


def _sums(analysis: Analysis) -> Iterator[str]:
    scores = analysis.scores
    yield (
        f"gates: other topics ×{scores.context:.2f} ({scores.leading_context or 'none'}), "
        f"political anchors ×{scores.anchor:.2f}, evidence ×{scores.evidence:.2f}, "
        f"length ÷{scores.length:.2f}"
    )
    for code, value in sorted(scores.sums.items(), key=lambda item: (-item[1], item[0])):
        if value > 0:
            note = "  (no act of it)" if code in scores.without_act else ""
            strength = scores.categories.get(code, 0.0)
            yield f"  {code:5} sum {value:5.2f}  strength {strength:.2f}{note}"


def _fired(analysis: Analysis) -> Iterator[str]:
    doc = analysis.doc
    yield "rules that fired (points, place, words, rule):"
    cues = sorted(doc.cues, key=lambda cue: (cue.code, cue.start, cue.rule))
    asides = held_sentences(doc, doc.sentences.of(doc.shift), "aside")
    for cue in cues:
        worth = points(cue.weight) * position(doc, cue.start) * cue.damp
        note = "  (of the past)" if cue.damp < 1 or doc.has(cue.sentence, "past") else ""
        note += "  (of play, sport or a past life)" if cue.sentence in asides else ""
        yield f"  {cue.code:5} {worth:4.2f}  {_where(analysis, cue)}  {cue.rule}{note}"


def _blocked(analysis: Analysis) -> Iterator[str]:
    if analysis.doc.blocked:
        yield "blocked:"
    for cue in analysis.doc.blocked:
        yield f"  {cue.code:5}       {_where(analysis, cue)}  {cue.rule}"


def _where(analysis: Analysis, cue: Cue) -> str:
    evidence = analysis.doc.evidence(cue.start, cue.end, cue.rule)
    return f"{evidence.field}[{evidence.start}:{evidence.end}] {evidence.text!r}"


def _marked(analysis: Analysis) -> Iterator[str]:
    """The text's beginning with each category's evidence in brackets."""
    doc = analysis.doc
    given = {category.code for category in analysis.tags.categories}
    whole = f"{doc.title}\n{doc.text}"
    parts: list[str] = []
    at = 0
    for cue in sorted(doc.cues, key=lambda cue: (cue.start, -cue.end)):
        if cue.code not in given or cue.start < at or cue.end > WIDTH:
            continue
        parts += [whole[at : cue.start], _MARKS[0], whole[cue.start : cue.end], _MARKS[1]]
        parts.append(f"<{cue.code}>")
        at = cue.end
    parts.append(whole[at : max(at, WIDTH)])
    if len(whole) > max(at, WIDTH):
        parts.append(" …")
    yield from "".join(parts).split("\n")
