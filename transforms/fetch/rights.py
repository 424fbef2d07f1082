"""What a publisher states about automated use, as headers and robots.txt put it.

Stated, not interpreted: TDM reservation (W3C TDMRep), `noai` in X-Robots-Tag, Content-Usage
(IETF aipref) and Content-Signal lines of robots.txt, a licence given as a Link.
"""

import json
import re

from transforms.fetch.response import Response

_AI_DIRECTIVES = ("noai", "noimageai", "noml")
_LINK = re.compile(r"<([^<>]{1,500})>\s{0,20};([^,<>]{0,500})")
_LICENCE = re.compile(r"\brel\s{0,20}=\s{0,20}\"?[^\",;]{0,200}\blicen[sc]e\b", re.IGNORECASE)
_AI_KEYS = frozenset({"train-ai", "ai-train", "ai-input", "train-genai", "ai"})


def rights_json(response: Response, robots: str, signals: tuple[str, ...] = ()) -> str:
    """The rights of one page as JSON with the fields of `records.Rights`.

    `robots` is the decision's word (allowed, no_rules, disallowed, unreachable, off), `signals`
    the `key=value` statements of robots.txt.
    """
    return json.dumps(
        {
            "robots": robots,
            "tdm_reservation": tdm_reservation(response.header("tdm-reservation")),
            "ai_opt_out": ai_opt_out(response, signals),
            "licence": licence(response.header("link")),
        }
    )


def tdm_reservation(value: str) -> bool | None:
    """True for 1, False for 0, None where the header is absent or says something else."""
    return {"1": True, "0": False}.get(value.strip())


def ai_opt_out(response: Response, signals: tuple[str, ...]) -> list[str]:
    """The statements against use by AI, each as `where: statement`, sorted."""
    found = set()
    for part in re.split(r"[,;]", response.header("x-robots-tag").lower()):
        directive = part.rpartition(":")[2].strip()
        if directive in _AI_DIRECTIVES:
            found.add(f"x-robots-tag: {directive}")
    for part in response.header("content-usage").lower().split(","):
        if _says_no(part):
            found.add(f"content-usage: {part.strip()}")
    found.update(f"content-signal: {part}" for part in signals if _says_no(part))
    return sorted(found)


def licence(link: str) -> str | None:
    """The target of `Link: <…>; rel="license"`."""
    found = _LINK.findall(link)
    return next((target for target, said in found if _LICENCE.search(said)), None)


def _says_no(statement: str) -> bool:
    key, _, value = statement.strip().partition("=")
    return key.strip() in _AI_KEYS and value.strip() in ("n", "no")
