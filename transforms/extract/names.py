"""What tags, class names and ids say of an element: that it holds a story, or no part of one.

The words are those that trafilatura's expressions look for (A. Barbaresi, trafilatura 2.3,
xpaths.py and settings.py, Apache-2.0), without those of single sites. There they are tried on every
element of every page; here once for each name, since siblings and the pages of a site share them.
"""

import re
from functools import lru_cache

from lxml.html import HtmlElement

HOLDERS = ("article", "div", "main", "section")
GONE, DISCARDED, TEASER = 1, 2, 4

_BODY_ID = re.compile(
    "(?:entry|article|art)-content|article__content|article(?:-|__)?body|articleBody|body-text"
)
_BODY_CLASS = re.compile(
    "post[-_]text|post-body|post-?entry|post[-_]?content|postContent|post_inner_wrapper"
    "|article-?text|articleText|(?:entry|page|text|article|art)-content|article__content"
    "|article(?:-|__)?body|articleBody|ArticleContent|body-text|article__container"
)
_STORY_ID = re.compile("^primary|story-body")
_STORY_CLASS = re.compile(
    "(?i:fulltext)|^article |post-bodycopy|story-?content|(?:theme|blog|section|single)-content"
    "|single-post|main-column|wpb_text_column|story-body|field-body"
)
_STORY_CLASSES = frozenset({"postarea", "art-postcontent", "text", "cell", "story"})
_MAIN_ID = re.compile("content-main|content-body|contentBody|[mM]ain-[cC]ontent")
_MAIN_CLASS = re.compile(
    "content[-_]main|content(?:-|__)body|[mM]ain-[cC]ontent|[pP]age-[cC]ontent"
)

_NO_STORY = frozenset(
    {"aside", "footer", "picture", "nav", "button", "label", "legend", "dialog", "menu",
     "fieldset", "select", "object", "svg", "iframe", "input", "noscript", "datalist", "map",
     "video", "audio", "canvas", "time"}
)  # fmt: skip
_COMMENTABLE = frozenset({"div", "section", "details", "ol", "ul"})
_COMMENTS_ID = re.compile("^(?:[Cc]omment(?!ary)|comol|disqus_thread|dsq-comments)")
_COMMENTS_CLASS = re.compile("^[Cc]omment(?!ary)|(?:article|post)-comments")
_NEXT_STORIES = re.compile("mvp-post-add-(?:box|wrap)|infinite-?scroll")
_DISCARDABLE = frozenset({"div", "li", "dd", "dt", "ul", "ol", "dl", "p", "section", "span"})
_ANY_CHROME = (
    "^shar|social|viral|newsletter|syndication|tags|sidebar|banner|bread-?crumb|button|author"
    "|footer|Footer"
)
_CHROME_ID = re.compile(
    _ANY_CHROME + "|share|Share|nav|Nav|menu|related|message-container|premium|^ad-"
)
_CHROME_CLASS = re.compile(
    _ANY_CHROME + "|^(?:nav|post-nav)|subnav|avigation|navbar|navbox|menu|bar| ad |-ad-|(?:^| )ad-"
    "|dfp[Aa]d|outbrain|taboola|criteo|paid-?content|widget|byline|Byline|share-|sociable|embed"
    "|tag-list|consent|modal-content|permission|elated|next-|-stories|most-popular|more-on|meta"
    "|rating|attachment|timestamp|user-info|user-profile|-icon|article-infos|message-container"
    "|slide|viewport|overlay|options|expand|obfuscated|blurred|factbox"
)
_UNSEEN_CLASS = re.compile(
    "^hide-|comments-title|nocomments|-reply-|message|akismet|suggest-links|-hide-|hide-print"
    "| hidden| hide|noprint|notloaded"
)
_UNSEEN_ID = re.compile("hidden|reader-comments|akismet")
_UNSEEN_STYLE = re.compile("hidden|display: ?none")
_TEASER = re.compile("[tT]easer|caption")


def ranks_of(element: HtmlElement) -> tuple[int, ...]:
    """The ranks at which an element says that it holds a story: 0 is the surest, 4 the least."""
    get = element.get
    return _ranks(
        str(element.tag),
        get("id") or "",
        get("class") or "",
        get("role") or "",
        get("itemprop") or "",
    )


@lru_cache(maxsize=16_384)
def _ranks(tag: str, ident: str, names: str, role: str, prop: str) -> tuple[int, ...]:
    said = (
        names in ("post", "entry")
        or prop == "articleBody"
        or ident == "articleContent"
        or _BODY_ID.search(ident)
        or _BODY_CLASS.search(names),
        tag == "article",
        role == "article"
        or ident in ("article", "story")
        or names in _STORY_CLASSES
        or _STORY_ID.search(ident)
        or _STORY_CLASS.search(names),
        "content" in (ident, names) or _MAIN_ID.search(ident) or _MAIN_CLASS.search(names),
        tag == "main" or any(name.startswith("main") for name in (ident, names, role)),
    )
    return tuple(rank for rank, is_said in enumerate(said) if is_said)


def marks_of(element: HtmlElement) -> int:
    """What speaks against an element, as a sum of GONE (chrome by its tag, comments), DISCARDED
    (chrome by its names, unseen) and TEASER (teasers and captions)."""
    get = element.get
    return _marks(
        str(element.tag),
        get("id") or "",
        get("class") or "",
        get("role") or "",
        get("style") or "",
        get("aria-hidden") or "",
    )


@lru_cache(maxsize=32_768)
def _marks(tag: str, ident: str, names: str, role: str, style: str, hidden: str) -> int:
    found = GONE if tag in _NO_STORY or _holds_others(tag, ident, names) else 0
    if tag in _DISCARDABLE:
        if "nav" in role.lower() or "cookie" in (ident or names):
            found |= DISCARDED
        if _CHROME_ID.search(ident) or _CHROME_CLASS.search(names):
            found |= DISCARDED
        if _TEASER.search(ident) or _TEASER.search(names):
            found |= TEASER
    if hidden == "true" or _UNSEEN_STYLE.search(style) or _UNSEEN_CLASS.search(names):
        found |= DISCARDED
    if _UNSEEN_ID.search(ident) or (ident or names).startswith("reply-"):
        found |= DISCARDED
    return found


def _holds_others(tag: str, ident: str, names: str) -> bool:
    """Whether readers' comments, or the stories to read next, stand below."""
    if tag not in _COMMENTABLE:
        return False
    comments = _COMMENTS_ID.search(ident) or _COMMENTS_CLASS.search(names)
    return bool(comments or _NEXT_STORIES.search(ident) or _NEXT_STORIES.search(names))
