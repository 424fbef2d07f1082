"""What later runs keep of an article: the row of `fingerprints/`."""

import hashlib

from transforms.records import Article, Fingerprint


def revision_hash(article: Article) -> str:
    """Tells one revision from the next: the text, and the page's own title.

    The feed's title is left out: a feed renames its entries without a word of the page changed.
    """
    title = " ".join((article.title_raw or "").casefold().split())
    said = f"{article.content_hash}\n{title}".encode("utf-8", "replace")
    return hashlib.blake2b(said, digest_size=16).hexdigest()


def fingerprint(article: Article, signature: bytes, sentence_keys: bytes = b"") -> Fingerprint:
    """The row of one article; the verdict's columns as the article has them."""
    return Fingerprint(
        id=article.id,
        revision=article.revision,
        url_hash=article.url_hash,
        canonical_url=article.canonical_url,
        entry_hash=article.entry_hash,
        content_hash=revision_hash(article),
        signature=signature,
        host=article.source_domain,
        language=article.language,
        word_count=article.word_count,
        published_at=article.published_at,
        first_seen_at=article.first_seen_at,
        dup_kind=article.dup_kind,
        dup_of=article.dup_of,
        dup_cluster_id=article.dup_cluster_id,
        run_id=article.run_id,
        title=article.title,
        sentence_keys=sentence_keys,
    )
