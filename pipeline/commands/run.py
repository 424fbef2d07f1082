"""`crisiswire run CONFIG`: poll what is due, write what is new, print the books."""

import json
from pathlib import Path
from typing import Any

import click

from pipeline.commands.common import load_config
from pipeline.execute import Ran, dry_run, execute
from pipeline.plan import Plan
from pipeline.status import attention_json, attention_lines
from transforms.tag.datafiles import check_data_files


@click.command("run", context_settings={"ignore_unknown_options": False})
@click.argument("config", type=click.Path(path_type=Path))
@click.option("--limit", type=click.IntRange(1), help="Entries taken in at most.")
@click.option(
    "--lookback-hours", type=click.FloatRange(0, min_open=True), help="Reject older entries."
)
@click.option("--all", "poll_all", is_flag=True, help="Poll every feed, due or not.")
@click.option("--dry-run", "dry", is_flag=True, help="Show what would be done; no request.")
@click.option("--json", "as_json", is_flag=True, help="The result as one JSON object.")
@click.argument("beam_args", nargs=-1, type=click.UNPROCESSED)
def command(
    config: Path,
    limit: int | None,
    lookback_hours: float | None,
    poll_all: bool,
    dry: bool,
    as_json: bool,
    beam_args: tuple[str, ...],
) -> int:
    """Poll the feeds of CONFIG that are due; options after -- go to Beam."""
    setup = load_config(config)
    for warning in setup.warnings:
        click.echo(f"warning: {warning}", err=True)
    request = setup.request(limit=limit, lookback_hours=lookback_hours, poll_all=poll_all)
    check_data_files(request.tags)
    if dry:
        plan = dry_run(request)
        click.echo(json.dumps(plan_json(plan)) if as_json else "\n".join(plan_lines(plan)))
        return 0
    ran = execute(request, beam_args, quiet=as_json)
    click.echo(json.dumps(result_json(ran)) if as_json else "\n".join(result_lines(ran)))
    return ran.result.exit_code(setup.config.run.max_failed_share)


def plan_json(plan: Plan) -> dict[str, Any]:
    """What would be done, for machines."""
    return {
        "lake": plan.ctx.lake,
        "feeds": [feed.url for feed in plan.feeds],
        "not_due": plan.not_due,
        "merged": [list(pair) for pair in plan.merged],
        "retries": len(plan.retries),
        "user_agent": plan.fetch.user_agent,
    }


def plan_lines(plan: Plan) -> list[str]:
    """What would be done, for people."""
    lines = [f"lake: {plan.ctx.lake}", f"user agent: {plan.fetch.user_agent}"]
    lines += [f"poll {feed.url}" for feed in plan.feeds]
    lines += merged_lines(plan)
    lines.append(
        f"{len(plan.feeds)} feeds due, {plan.not_due} not due, "
        f"{len(plan.retries)} entries to try again"
    )
    return lines


def merged_lines(plan: Plan) -> list[str]:
    """The feeds that aren't polled because another one is the same."""
    return [
        f"not polled: {left_out} is the same feed as {polled}" for left_out, polled in plan.merged
    ]


def result_lines(ran: Ran) -> list[str]:
    """What a run came to, for people: books, rows, and the feeds that need a look."""
    return [*ran.result.lines(), *merged_lines(ran.plan), *attention_lines(ran.feeds)]


def result_json(ran: Ran) -> dict[str, Any]:
    """What a run came to, for machines."""
    books = ran.result.books
    return {
        "run_id": ran.result.run_id,
        "lake": ran.plan.ctx.lake,
        "rows": ran.result.rows(),
        "books": {**books._asdict(), "balanced": books.balanced},
        "failed_share": books.failed_share,
        "feeds_not_due": ran.plan.not_due,
        "feeds_merged": [list(pair) for pair in ran.plan.merged],
        "feeds_to_look_at": attention_json(ran.feeds),
    }
