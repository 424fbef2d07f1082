"""What tags, class names and ids say of an element: that it holds a story, or no part of one.

The words are those that trafilatura's expressions look for (A. Barbaresi, trafilatura 2.3,
xpaths.py and settings.py, Apache-2.0), without those of single sites. There they are tried on every
element of every page; here once for each name, since siblings and the pages of a site share them.
"""

import re
from functools import lru_cache

from lxml.html import HtmlElement

HOLDERS = ("article", "div", "main", "section")
# What trafilatura drops whole, wherever it stands. (Forms and figures it looks into.)
CHROME = frozenset(
    {"aside", "footer", "picture", "nav", "button", "label", "legend", "dialog", "menu",
     "fieldset", "select", "option", "object", "embed", "svg", "math", "iframe", "input",
     "textarea", "noscript", "datalist", "map", "area", "video", "audio", "source", "track",
     "canvas", "progress", "link", "use", "time"}
)  # fmt: skip

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
_COMMENTABLE = frozenset({"div", "section", "details", "ol", "ul"})
_COMMENTS_ID = re.compile("^(?:[Cc]omment(?!ary)|comol|disqus_thread|dsq-comments)")
_COMMENTS_CLASS = re.compile("^[Cc]omment(?!ary)|(?:article|post)-comments")


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


def is_chrome(element: HtmlElement) -> bool:
    """Whether no story stands below an element: navigation, controls, readers' comments."""
    if element.tag in CHROME:
        return True
    return element.tag in _COMMENTABLE and _holds_comments(
        element.get("id") or "", element.get("class") or ""
    )


@lru_cache(maxsize=16_384)
def _holds_comments(ident: str, names: str) -> bool:
    return bool(_COMMENTS_ID.search(ident) or _COMMENTS_CLASS.search(names))
