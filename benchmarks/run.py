"""A whole run: start, memory, rate, and what the graph costs over a plain loop.

    python benchmarks/run.py [PAGES]

Pages come over loopback: real ones where ../shared is beside the repository, else made of the
newsroom's sentences. The loop calls the same functions, one page after the other in one process,
without Beam, books or recovery. CPU is that of the process and all its descendants; both are
held to one core, so that wall time means something on a busy machine as well.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

HOSTS = 8
SETS = ("fundus", "scrapinghub", "newspaper4k", "fundus80", "wcxb", "trafilatura")
STARTS = 5
SAMPLE_S = 0.05
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Used:
    """What a process tree used: seconds of wall and CPU, MiB at its peak."""

    wall: float
    cpu: float
    rss: float
    pss: float
    out: str


def descendants(root: int) -> list[int]:
    """`root` and every process below it that is alive now."""
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry))
    found, queue = [], [root]
    while queue:
        pid = queue.pop()
        found.append(pid)
        queue += parents.get(pid, [])
    return found


def measure(argv: list[str], one_core: bool = True) -> Used:
    """Run `argv` to its end and watch its process tree."""
    pin = (lambda: os.sched_setaffinity(0, {1 % os.cpu_count()})) if one_core else None
    started = time.monotonic()
    process = subprocess.Popen(
        argv, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, preexec_fn=pin
    )
    cpu: dict[int, float] = {}
    rss = pss = 0.0
    while process.poll() is None:
        kib = [0, 0]
        for pid in descendants(process.pid):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                cpu[pid] = (int(fields[11]) + int(fields[12])) / TICK
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    if line.startswith(("Rss:", "Pss:")):
                        kib[line.startswith("Pss:")] += int(line.split()[1])
            except OSError:
                continue
        rss, pss = max(rss, kib[0] / 1024), max(pss, kib[1] / 1024)
        time.sleep(SAMPLE_S)
    out = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise SystemExit(f"{argv} ended with {process.returncode}: {out[-500:]}")
    return Used(time.monotonic() - started, sum(cpu.values()), rss, pss, out)


def made_pages(count: int) -> list[bytes]:
    """Pages of sentences drawn from the newsroom's English stories."""
    from pipeline.newsroom.stories import stories
    from tests.serve import page

    told = [s for s in stories(1).values() if s.site in ("meridian", "harbour", "wire", "bulletin")]
    sentences = [part + "." for s in told for part in s.text.replace("\n", " ").split(". ")]
    rng = random.Random(7)

    def text() -> str:
        return "\n".join(" ".join(rng.sample(sentences, 4)) for _ in range(7))

    return [page(rng.choice(told).title, text()).encode() for _ in range(count)]


def real_bodies(count: int, folder: Path) -> list[bytes]:
    """Real pages, the first of them again when there are too few."""
    from tests.quality.replay import real_pages

    pages = [page.body for page in real_pages(ROOT.parent / "shared", folder, SETS)]
    return [pages[index % len(pages)] for index in range(count)]


@contextmanager
def served(bodies: list[bytes], folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """The pages on loopback with a feed a host; a configuration, and the feeds' addresses."""
    from tests.kit import write_config
    from tests.serve import HTML, RSS, Serve, item, rss

    with Serve(HOSTS) as serve:
        items: list[list[str]] = [[] for _ in range(HOSTS)]
        for index, body in enumerate(bodies):
            number = index % HOSTS
            url = serve.put(f"/page/{index}.html", body, HTML, number)
            items[number].append(item(url, ""))
        feeds = [serve.put("/feed.xml", rss(*items[n]), RSS, n) for n in range(HOSTS)]
        config = {
            "lake": str(folder / "lake"),
            "feeds": [{"url": url} for url in feeds],
            "fetch": {"delay_s": 0, "contact": "b@example.org", "allow_hosts": serve.hosts},
            "extract": {"workers": 1},
            "run": {"max_failed_share": 1},
        }
        yield write_config(folder / "config.yaml", config), feeds


def run_command(config: Path) -> list[str]:
    """`crisiswire run` as measured here."""
    return [sys.executable, "-m", "pipeline", "run", str(config), "--all", "--json"]


def time_to_first_request() -> float:
    """Median seconds from the start of `crisiswire run` to the first request it makes."""
    from pipeline.newsroom import Newsroom, newsroom_config
    from tests.kit import write_config

    seconds = []
    for _ in range(STARTS):
        with tempfile.TemporaryDirectory() as folder, Newsroom() as newsroom:
            lake = str(Path(folder) / "lake")
            config = write_config(Path(folder) / "c.yaml", newsroom_config(newsroom, lake))
            started = time.monotonic()
            measure(run_command(config), one_core=False)
            seconds.append(min(r.started for r in newsroom.requests()) - started)
    return statistics.median(seconds)


class Stages:
    """CPU seconds by stage of the loop."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        """Charge what happens inside to `name`."""
        started = time.process_time()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - started


def plain_loop(lake: str, feeds: list[str], hosts: list[str]) -> dict[str, Any]:
    """Feeds to Parquet with the product's functions and without its graph."""
    from transforms.dedup.find import Doc, find_copies
    from transforms.errors import ItemError
    from transforms.extract.article import extract_page
    from transforms.feeds.parse import ParseTask, parse_document
    from transforms.fetch.client import Client
    from transforms.fetch.kinds import FEED, Request
    from transforms.fetch.policy import FetchPolicy
    from transforms.fetch.transform import article_request
    from transforms.fingerprint import fingerprint
    from transforms.records import Page, RunContext
    from transforms.store.files import file_system
    from transforms.store.parquet import write_table
    from transforms.store.rows import to_table
    from transforms.tag.events import events_of
    from transforms.tag.tagger import Tagger
    from transforms.tag.transform import tagged

    stages = Stages()
    now = time.time_ns() // 1_000_000
    ctx = RunContext("loop", now, lake)
    policy = FetchPolicy(allow_hosts=tuple(hosts), delay_s=0)
    client, tagger = Client(policy), Tagger()
    articles, events, failed = [], [], 0
    for feed in feeds:
        with stages.of("fetch"):
            document = client.fetch(Request(feed, FEED, policy.feed_max_bytes))
        with stages.of("parse feeds"):
            parsed = parse_document(ParseTask(document.body, feed, feed, "", now=now))
        for entry in parsed.entries:
            with stages.of("fetch"):
                got = client.fetch(article_request(entry, policy))
            page = Page(
                entry, got.final_url, got.status, got.reason.value, got.detail, got.body,
                got.header("content-type"), "", now,
            )  # fmt: skip
            try:
                with stages.of("extract, clean, language"):
                    article = extract_page(page, ctx).article
            except ItemError:
                failed += 1
                continue
            with stages.of("tag"):
                tags = tagger.tag(
                    article.title, article.text, article.language, article.published_at
                )
                article = tagged(article, tags)
                events += events_of(article, tags)
            articles.append(article)
    with stages.of("find copies"):
        docs = [
            Doc(a.id, a.text, a.source_domain, a.title or "", a.published_at, a.language)
            for a in articles
        ]
        verdicts = {verdict.id: verdict for verdict in find_copies(docs).verdicts}
    with stages.of("write Parquet"):
        articles = [
            a._replace(
                dup_kind=(v := verdicts[a.id]).dup_kind, dup_of=v.dup_of,
                dup_cluster_id=v.dup_cluster_id, dup_score=v.dup_score,
                is_canonical=v.is_canonical,
            )
            for a in articles
        ]  # fmt: skip
        files = file_system(lake)
        prints = [fingerprint(article, b"") for article in articles]
        for table, rows in (("articles", articles), ("events", events), ("fingerprints", prints)):
            write_table(files, f"{lake}/{table}/part.parquet", table, to_table(table, rows))
    return {"articles": len(articles), "failed": failed, "stages": stages.seconds}


def compare(bodies: list[bytes], folder: Path) -> tuple[Used, Used, dict[str, Any], dict[str, Any]]:
    """The run and the loop over the same pages: what each used, what each counted."""
    folder.mkdir()
    with served(bodies, folder) as (config, feeds):
        run = measure(run_command(config))
        hosts = [url.split("/")[2] for url in feeds]
        job = json.dumps([str(folder / "loop"), feeds, hosts])
        loop = measure([sys.executable, __file__, "--loop", job])
    return run, loop, json.loads(run.out.splitlines()[-1]), json.loads(loop.out)


def main(count: int) -> None:
    """Measure and print."""
    real = (ROOT.parent / "shared" / "data").is_dir()
    first = time_to_first_request()
    print(f"start to first request: {first:.2f} s (budget 2.5), median of {STARTS}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bodies = real_bodies(count, folder) if real else made_pages(count)
        idle_run, idle_loop, _, _ = compare([], folder / "idle")
        run, loop, ran, looped = compare(bodies, folder / "full")
    report(count, real, (run, idle_run, ran), (loop, idle_loop, looped))


def report(
    count: int,
    real: bool,
    run: tuple[Used, Used, dict[str, Any]],
    loop: tuple[Used, Used, dict[str, Any]],
) -> None:
    """Print the table; `run` and `loop` are (used, used over empty feeds, counts)."""
    articles = run[2]["rows"]["articles"]
    print(f"{count} {'real' if real else 'made'} pages, {articles} articles, on one core")
    print(f"{'':28}{'run':>10}{'loop':>10}{'ratio':>8}")
    for name, field in (("wall, s", "wall"), ("CPU, s", "cpu")):
        pair = [getattr(one[0], field) for one in (run, loop)]
        net = [getattr(one[0], field) - getattr(one[1], field) for one in (run, loop)]
        print(f"{name:28}{pair[0]:10.1f}{pair[1]:10.1f}{pair[0] / pair[1]:8.2f}")
        print(f"{name + ', start left out':28}{net[0]:10.1f}{net[1]:10.1f}{net[0] / net[1]:8.2f}")
    for name, field in (("peak of summed RSS, MiB", "rss"), ("peak of summed PSS, MiB", "pss")):
        pair = [getattr(one[0], field) for one in (run, loop)]
        print(f"{name:28}{pair[0]:10.0f}{pair[1]:10.0f}{pair[0] / pair[1]:8.2f}")
    rate = [articles / (one[0].cpu - one[1].cpu) for one in (run, loop)]
    print(
        f"{'articles a second and core':28}{rate[0]:10.1f}{rate[1]:10.1f}{rate[0] / rate[1]:8.2f}"
    )
    print("where the CPU goes, ms a page")
    stages = loop[2]["stages"]
    net = run[0].cpu - run[1].cpu
    graph = {"graph: Beam, shuffle, pools, books": net - sum(stages.values())}
    for name, seconds in sorted({**stages, **graph}.items(), key=lambda kv: -kv[1]):
        print(f"  {name:36}{1000 * seconds / count:8.2f}{100 * seconds / net:7.1f} %")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--loop"]:
        print(json.dumps(plain_loop(*json.loads(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
