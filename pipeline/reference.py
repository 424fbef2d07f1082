"""The configuration reference, made from the models of pipeline.config."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel

from pipeline.config import Config, FeedItem


class Key(NamedTuple):
    """One key: its dotted name, default as YAML would spell it, and its sentence."""

    name: str
    default: str
    text: str


def keys(model: type[BaseModel] = Config, prefix: str = "") -> Iterator[Key]:
    """Every key below `model`, sections opened, in the order of the models."""
    for name, field in model.model_fields.items():
        annotation: Any = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from keys(annotation, f"{prefix}{name}.")
            continue
        required = field.is_required()
        yield Key(
            prefix + name, "required" if required else _yaml(field.default), field.description or ""
        )
        if name == "feeds":
            yield from keys(FeedItem, "feeds[].")


def _yaml(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def configuration_reference(markdown: bool = True) -> str:
    """All keys as a Markdown page, or as plain aligned lines."""
    rows = list(keys())
    if not markdown:
        width = max(len(row.name) for row in rows)
        return "\n".join(f"{row.name:<{width}}  {row.default:<12} {row.text}" for row in rows)
    lines = [
        "# Configuration reference",
        "",
        "Made from the schema by `crisiswire docs`; don't edit. One YAML file; every key may also",
        "be set as `CRISISWIRE_SECTION__KEY` in the environment. Unknown keys are errors.",
        "",
        "| key | default | meaning |",
        "| --- | --- | --- |",
        *(f"| `{row.name}` | `{row.default}` | {row.text} |" for row in rows),
    ]
    return "\n".join(lines) + "\n"
