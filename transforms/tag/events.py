"""Rows of `events/`: one an (article, category), with the act that best stands for it."""

from collections.abc import Iterable

from transforms.records import Act, Article, Category, Event, Place, Tags
from transforms.tag.acts import default_kinds


def events_of(article: Article, tags: Tags) -> list[Event]:
    """The events of `article` by its `tags`; none when it is no crisis story."""
    if not tags.is_crisis:
        return []
    return [_event(article, tags, category) for category in tags.categories]


def _event(article: Article, tags: Tags, category: Category) -> Event:
    act = next((a for a in tags.acts if a.category == category.code), None)
    evidence = act.evidence if act else next(iter(category.evidence), None)
    kind = default_kinds()[category.code]
    place = _place(tags.places, act)
    return Event(
        article_id=article.id,
        revision=article.revision,
        category=category.code,
        score=category.score,
        event_type=act.event_type if act else kind.event_type,
        plover_type=act.plover_type if act else kind.plover,
        cameo_root=act.cameo_root if act else kind.cameo,
        quad_class=act.quad_class if act else kind.quad,
        actor_name=act.actor_name if act else None,
        actor_country=act.actor_country if act else None,
        actor_sector=act.actor_sector if act else None,
        target_name=act.target_name if act else None,
        target_country=act.target_country if act else None,
        target_sector=act.target_sector if act else None,
        place=place.name if place else None,
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        country=place.country if place else None,
        severity=tags.severity,
        dead_min=tags.dead_min,
        dead_max=tags.dead_max,
        injured_min=tags.injured_min,
        injured_max=tags.injured_max,
        evidence=evidence.text if evidence else None,
        evidence_field=evidence.field if evidence else None,
        evidence_start=evidence.start if evidence else None,
        evidence_end=evidence.end if evidence else None,
        rule_id=evidence.rule if evidence else None,
        published_at=article.published_at,
        source_domain=article.source_domain,
        dup_kind=article.dup_kind,
        first_seen_at=article.first_seen_at,
        run_id=article.run_id,
    )


def _place(places: Iterable[Place], act: Act | None) -> Place | None:
    """The place nearest to the act's words, of those with a point on the map."""
    located = [place for place in places if place.lat is not None]
    if act is None:
        return located[0] if located else None
    where = act.evidence
    same = [place for place in located if place.field == where.field]
    towns = [p for p in same if p.kind not in ("country", "demonym")] or same
    near = [p for p in towns if abs(p.start - where.start) < 400]
    return min(near, key=lambda p: (abs(p.start - where.start), p.start)) if near else None
