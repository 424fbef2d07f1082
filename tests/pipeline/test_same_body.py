"""A site that answers three articles with one and the same page: no rows with that text."""

from pathlib import Path

from tests.kit import assert_balanced, rows, run, write_config
from tests.serve import RSS, Serve, item, page, rss
from tests.transforms.dedup.stories import story

MOVED = (
    "We are rebuilding our reading rooms and the older reporting moves with them this month.",
    "Until then the search box at the top finds what has already been carried across, by name, "
    "by date and by section, and the reading list shows what colleagues have picked for you.",
    "Subscribers keep all that they had. Nobody needs to do anything, and nothing is charged "
    "twice. Write to the help desk if a page that you kept as a bookmark stays away for long.",
)
TITLES = ("Harbour strike enters its second week", "Curfew lifted in four provinces",
          "Pipeline talks stall over transit fees")  # fmt: skip


def test_three_headlines_answered_by_one_page_are_dead_letters(tmp_path: Path) -> None:
    with Serve(1) as serve:
        listed = []
        for number, title in enumerate(TITLES):
            url = serve.put(f"/s{number}", page("The reading rooms", "\n".join(MOVED)))
            listed.append(item(url, title))
        url = serve.put("/s9", page("A story of its own", story(9).replace("\n\n", "\n")))
        listed.append(item(url, "A story of its own"))
        serve.put("/feed", rss(*listed), RSS)
        config = {
            "lake": str(tmp_path / "lake"),
            "feeds": [{"url": f"{serve.root()}/feed"}],
            "fetch": {"delay_s": 0, "contact": "a@example.org", "allow_hosts": serve.hosts},
        }
        assert_balanced(run(write_config(tmp_path / "config.yaml", config), code=4))
    articles = rows(tmp_path / "lake", "articles")
    assert [row["title"] for row in articles] == ["A story of its own"]
    letters = rows(tmp_path / "lake", "dead_letters")
    found = sorted((r["url"].rsplit("/", 1)[1], r["reason"], r["stage"]) for r in letters)
    assert found == [(f"s{number}", "soft_404", "Extract") for number in range(3)]
