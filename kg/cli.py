"""The command `kg`. Heavy modules are imported by the commands that need them, so that `kg --help` answers at once.

Exit status: 0 done, 1 a check found something, 2 bad usage or input, with one clear line on standard error.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from kg import __version__
from kg.errors import Problem, one_line

if TYPE_CHECKING:
    from kg.assemble import Content
    from kg.query import Question

ANSWER_FORMATS = ("table", "csv", "tsv", "json", "xml")
EXPORT_FORMATS = ("turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld")
TABLE_FORMATS = ("graphml", "gexf", "xlsx")
FOLDER_FORMATS = ("csv", "neo4j", "parquet")
FOUND_SOMETHING, BAD_INPUT, INTERRUPTED = 1, 2, 130

graph_option = click.option(
    "--graph",
    "folder",
    type=click.Path(path_type=Path),
    default="exports",
    show_default=True,
    metavar="DIR",
    help="The folder of the build.",
)


def main() -> NoReturn:
    """Run the command line and leave with its exit status."""
    try:
        sys.exit(commands.main(standalone_mode=False) or 0)
    except (click.ClickException, Problem, OSError) as error:
        if isinstance(error, BrokenPipeError):  # the reader of our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)
        _complain(_reason(error))
        sys.exit(BAD_INPUT)
    except click.Abort:
        _complain("interrupted")
        sys.exit(INTERRUPTED)


def _reason(error: Exception) -> str:
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)


def _complain(message: str) -> None:
    click.echo(f"kg: {one_line(message)}", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kg")
def commands() -> None:
    """Turn Chinese official news into a knowledge graph, and ask it.

    \b
    Example:
      kg build seeds
      kg query who-conducted --campaign 守护2号
    """


# ---------------------------------------------------------------- build and remove


def _field_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which fields of JSON Lines and Parquet hold what."""
    for name in reversed(("text", "id", "date", "title", "source", "url")):
        said = f"Field of a row that holds the {name}."
        command = click.option(f"--{name}-field", default=name, show_default=True, metavar="NAME", help=said)(command)
    return command


@commands.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default="exports",
    show_default=True,
    metavar="DIR",
    help="The folder to write the build into.",
)
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="X",
    help="Leave out facts that are less sure than X (0 to 1).",
)
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Processes that read.  [default: all cores]")
@click.option("--scheduler", default="", metavar="ADDRESS", help="Read on the cluster of this dask scheduler.")
@click.option("--fresh", is_flag=True, help="Read all again, not only what is new or changed.")
@click.option(
    "--decisions",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="What people decided (docs/review.md).  [default: DIR/decisions.jsonl, where it is there]",
)
@click.option("--keep-private", is_flag=True, help="Do not cover private data (docs/privacy.md).")
@_field_options
@click.pass_context
def build(
    ctx: click.Context,
    /,
    paths: Sequence[Path],
    output: Path,
    quiet: bool,
    min_confidence: float,
    workers: int | None,
    scheduler: str,
    fresh: bool,
    keep_private: bool,
    decisions: Path | None,
    **fields: str,
) -> None:
    """Read files, folders and archives, and write the graph.

    PATH is a text or another format (docs/formats.md), JSON Lines (.jsonl, .jsonl.gz) or Parquet (.parquet) with a document in each row,
    a zip or tar archive of texts, a folder that is searched for all of these, a pattern like 'news/2024-*/*.txt', or - for standard
    input; seeds/ where none is given. DIR gets the store, graph.ttl and graph.html. Only what is new or changed is read; a
    document that is not among the files any more is withdrawn. A file that cannot be read is reported and skipped;
    the exit status is then 2.

    \b
    Example:
      kg build seeds --output exports
      kg build archive.jsonl.gz --text-field body --id-field url
    """
    from kg import inputs, pipeline, review_decisions
    from kg.workers import cores

    failures: list[pipeline.Failure] = []
    sources = pipeline.find(paths or [Path("seeds")], failures.append)
    content = None
    with suppress(pipeline.NothingRead), _progress(sum(map(inputs.size, sources)), quiet) as step:
        content = pipeline.build(
            sources,
            output,
            failures.append,
            min_confidence=min_confidence,
            fields=pipeline.Fields(**{name.removesuffix("_field"): value for name, value in fields.items()}),
            workers=workers or cores(),
            scheduler=scheduler,
            fresh=fresh,
            keep_private=keep_private,
            decisions=review_decisions.of_build(output, decisions),
            step=step,
        )
    if content and not quiet:
        click.echo(_summary(content, output))
    for failure in failures:
        _complain(f"{failure.name}: {failure.reason}")
    if failures:
        ctx.exit(BAD_INPUT)


@contextmanager
def _progress(length: int, quiet: bool) -> Iterator[Callable[[int], None]]:
    """Progress, rate and time left on standard error where that is a terminal; yields what to tell the bytes done."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    begun, done = time.monotonic(), 0

    def rate(_item: object) -> str:
        return f"{done / 1e6 / max(time.monotonic() - begun, 0.001):.2f} MB/s"

    with click.progressbar(length=length, label="reading", file=sys.stderr, item_show_func=rate) as bar:

        def step(count: int) -> None:
            nonlocal done
            done += count
            bar.update(count, rate)

        yield step


def _summary(content: Content, output: Path) -> str:
    from kg import pipeline, store, vocab

    labels = {term.name: f"{term.zh} {term.en}" for term in (*vocab.CLASSES, *vocab.RELATIONS)}

    def counted(found: Counter[str]) -> str:
        return ", ".join(f"{labels[name]} {count}" for name, count in sorted(found.items()))

    files = ", ".join(str(output / name) for name in (store.FOLDER, pipeline.TURTLE, pipeline.PAGE))
    return "\n".join(
        (
            f"documents  {content.documents}",
            f"entities   {content.entities.total()}  {counted(content.entities)}".rstrip(),
            f"facts      {content.facts.total()}  {counted(content.facts)}".rstrip(),
            f"written    {files}",
        )
    )


@commands.command()
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@graph_option
@click.option("--quiet", is_flag=True, help="No summary.")
def remove(documents: Sequence[str], folder: Path, quiet: bool) -> None:
    """Withdraw documents from a build, with everything that only they support.

    DOCUMENT is a name as `kg query documents` lists it.

    \b
    Example:
      kg remove 003.txt
    """
    from kg import pipeline

    remaining = pipeline.remove(documents, folder)
    if not quiet:
        click.echo(_summary(remaining, folder))


@commands.command()
@click.argument("before", type=click.Path(path_type=Path), metavar="A")
@click.argument("after", type=click.Path(path_type=Path), metavar="B")
def diff(before: Path, after: Path) -> None:
    """Say in words what B has more, less and otherwise than A; both are folders of builds.

    \b
    Example:
      kg diff exports-monday exports-tuesday
    """
    from kg.diff import compare

    for line in compare(before, after):
        click.echo(one_line(line))


# ---------------------------------------------------------------- query


@commands.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[NAME|FILE] [--PARAM VALUE]...")
@click.option("-e", "sparql", metavar="SPARQL", help="A query, instead of a name or a file.")
@click.option(
    "--format",
    "form",
    type=click.Choice(ANSWER_FORMATS),
    default="table",
    show_default=True,
    help="How the answer is written.",
)
@click.option("--endpoint", metavar="URL", help="Ask the SPARQL endpoint at this address, not a build.")
@graph_option
def query(words: Sequence[str], sparql: str | None, form: str, endpoint: str | None, folder: Path) -> None:
    """Ask a question by its name, or run the SPARQL of a file.

    Without a name, lists the questions and their parameters. A parameter is compared with all names that a thing has,
    first whole, then in part; a question without it is about everything.

    \b
    Example:
      kg query metrics-of-campaign --campaign 守护2号 --format csv
      kg query -e 'SELECT ?name { ?unit a kg:Unit ; skos:prefLabel ?name }'
    """
    from kg import answer, store, vocab
    from kg import query as asking

    name, parameters = _split(words)
    if sparql is not None and name:
        raise click.UsageError("give a name, a file or -e, not two of them")
    if sparql is None and not name:
        click.echo(_listing(asking.questions().values()))
        return
    asked = asking.Question(sparql) if sparql is not None else _question(name)
    found: answer.Answer
    if endpoint:
        from kg.remote import Endpoint

        remote = Endpoint(endpoint)
        found = remote.query(asking.bind(remote, asked, parameters), prefixes=vocab.PREFIXES | vocab.NODE_PREFIXES)
    else:
        opened = store.read(folder)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a running query hears no exception: let Ctrl-C end the process
        found = asking.run(opened, asking.bind(opened, asked, parameters))
    click.echo(answer.written(found, form, fold=sys.stdout.isatty()), nl=False)


def _split(words: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The name of a question, and its parameters given as --name value or --name=value."""
    names, parameters, rest = [], {}, iter(words)
    for word in rest:
        if word.startswith("--"):
            option, equals, value = word[2:].partition("=")
            parameters[option] = value if equals else next(rest, "")
            if not parameters[option]:
                raise click.UsageError(f"--{option} needs a value")
        else:
            names.append(word)
    if len(names) > 1:
        raise click.UsageError(f"one question at a time: {' '.join(names)}")
    return "".join(names), parameters


def _question(name: str) -> Question:
    from kg import query as asking
    from kg.read import decode

    known = asking.questions()
    if name in known or not Path(name).is_file():
        return asking.question(name)
    try:
        return asking.Question(decode(Path(name).read_bytes()), name)
    except ValueError as error:
        raise Problem(f"{name}: {error}") from error


def _listing(questions: Iterable[Question]) -> str:
    lines = []
    for question in questions:
        lines.append(f"{question.name}\n    {' / '.join(question.summary)}")
        lines += [f"    --{p.name}  {p.zh} / {p.en}" for p in question.parameters]
    return "\n".join(lines)


# ---------------------------------------------------------------- the rest


@commands.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(EXPORT_FORMATS + TABLE_FORMATS + FOLDER_FORMATS),
    required=True,
    help="The format: RDF, a network (graphml, gexf), a workbook of the figures (xlsx), or a folder of tables.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The file to write, else standard output; a folder for csv, neo4j, parquet and --shards.",
)
@click.option(
    "--shards", type=click.IntRange(1, 99_999), metavar="N", help="nquads in N packed files, for bulk loaders."
)
@graph_option
def export(form: str, to: Path | None, shards: int | None, folder: Path) -> None:
    """Write the graph in a format that other tools read.

    \b
    Example:
      kg export --format nquads --to graph.nq
      kg export --format csv --to tables
    """
    from kg import store
    from kg.export import write, write_folder

    opened = store.read(folder)
    if shards and form != "nquads":
        raise click.UsageError("--shards goes with --format nquads")
    if (shards or form in FOLDER_FORMATS) and to is None:
        raise click.UsageError(f"{form} is a folder of files: give --to DIR")
    if shards and to:
        from kg.shards import write as write_shards

        write_shards(opened, to, shards)
        return
    if to and form in FOLDER_FORMATS:
        write_folder(opened, form, to)
        return
    if to is None:
        write(opened, form, sys.stdout.buffer)
        return
    part = to.with_name(f".{to.name}.part")  # what is there stays until the new file is whole
    try:
        with part.open("wb") as file:
            write(opened, form, file)
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)


@commands.command()
@click.argument("endpoint", default="", metavar="[ENDPOINT]")
@click.option("--update", default="", metavar="URL", help="The address of SPARQL Update.")
@click.option("--fresh", is_flag=True, help="Send all, whatever was sent before.")
@click.option("--quiet", is_flag=True, help="No summary.")
@graph_option
def push(endpoint: str, update: str, fresh: bool, quiet: bool, folder: Path) -> None:
    """Send what has changed to a SPARQL store of any make.

    ENDPOINT is the address of a graph store (Graph Store Protocol); with --update alone all goes by SPARQL Update. User
    and password come from the environment: TONGBAO_USER and TONGBAO_PASSWORD, or TONGBAO_TOKEN. What has been sent
    is noted beside the build, so that the next push goes on from there.

    \b
    Example:
      kg push http://localhost:3030/news/data --update http://localhost:3030/news/update
      kg query --endpoint http://localhost:3030/news/query who-conducted
    """
    from kg.push import push as pushed

    if not (endpoint or update):
        raise click.UsageError("push where? give the address of a graph store, or --update URL")
    done = pushed(folder, endpoint, update, fresh=fresh)
    if not quiet:
        click.echo(f"documents {done.documents} sent, {done.withdrawn} withdrawn; {done.subjects} subjects changed")


@commands.command()
@click.option("--top", type=click.IntRange(1), default=15, show_default=True, metavar="N", help="Rows of each table.")
@graph_option
def analyse(top: int, folder: Path) -> None:
    """Show what is central, what belongs together, and how much each region has.

    \b
    Example:
      kg analyse --top 5
    """
    from kg import graph, store
    from kg.analyse import report

    for line in report(graph.records(store.triples(store.read(folder))), top):
        click.echo(line)


@commands.command()
@graph_option
@click.option(
    "--decisions",
    "given",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="What people decided.  [default: DIR/decisions.jsonl, where it is there]",
)
@click.option("--page", type=click.Path(path_type=Path), metavar="FILE", help="Also write a page to go through them.")
@click.pass_context
def review(ctx: click.Context, folder: Path, given: Path | None, page: Path | None) -> None:
    """List what does not fit: figures, places, posts and dates that contradict each other; exit status 1 where any do.

    What has been accepted is not listed. The page makes a file of decisions, which `kg build` applies.

    \b
    Example:
      kg review --page review.html
    """
    from kg import graph, review_decisions, review_page, store
    from kg import review as reviewing

    decisions = review_decisions.of_build(folder, given)
    content = graph.records(store.read(folder))
    settled = review_decisions.accepted(decisions)
    found = [finding for finding in reviewing.findings(content) if finding.id not in settled]
    for line in reviewing.report(found, content.documents) if found else ("nothing to review",):
        click.echo(line)
    if page:
        page.write_text(review_page.render(content, found, decisions), encoding="utf-8", newline="\n")
    if found:
        ctx.exit(FOUND_SOMETHING)


@commands.command()
@graph_option
@click.pass_context
def validate(ctx: click.Context, folder: Path) -> None:
    """Check a build against the SHACL shapes; exit status 1 where something breaks them.

    \b
    Example:
      kg validate --graph exports
    """
    from kg import store

    try:
        from kg.validate import broken
    except ImportError as error:
        raise Problem(f"validate needs {error.name}: pip install 'tongbao[shacl]'") from error
    lines = broken(store.read(folder))
    for line in lines:
        click.echo(line)
    if lines:
        ctx.exit(FOUND_SOMETHING)
    click.echo(f"{folder}: conforms")


@commands.command()
@graph_option
@click.option("--endpoint", metavar="URL", help="Serve the SPARQL store at this address, not a build.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free port.")
@click.option("--seconds", type=click.FloatRange(0.1), default=30.0, show_default=True, help="Time limit of a query.")
@click.option("--memory", type=click.IntRange(64), default=1024, show_default=True, help="Memory of a query, in MiB.")
@click.option("--answer", type=click.IntRange(1), default=32, show_default=True, help="Size of an answer, in MiB.")
@click.option("--workers", type=click.IntRange(1), default=8, show_default=True, help="Queries that run at a time.")
@click.option(
    "--cors", "origins", multiple=True, metavar="ORIGIN", help="A site whose scripts may read this; * for all."
)
@click.option(
    "--name", "names", multiple=True, metavar="HOST", help="A host name that this is called by, besides --host."
)
def serve(
    folder: Path,
    endpoint: str | None,
    host: str,
    port: int,
    seconds: float,
    memory: int,
    answer: int,
    workers: int,
    origins: Sequence[str],
    names: Sequence[str],
) -> None:
    """Serve the graph to browsers and programs, read-only: pages, and SPARQL at /sparql.

    \b
    Example:
      kg serve --port 8000
      kg serve --endpoint http://localhost:3030/news/query
    """
    try:
        from kg.serve.app import LOOPBACK, Settings
        from kg.serve.limits import Limits
        from kg.serve.run import run
    except ImportError as error:
        raise Problem(f"serve needs {error.name}: pip install 'tongbao[serve]'") from error
    limits = Limits(seconds, memory, answer, workers)
    hosts = (*LOOPBACK, *names) if host in LOOPBACK or names else ()
    settings = Settings(folder, limits, hosts if "*" not in names else (), tuple(origins), endpoint or "")
    run(settings, host, port, lambda address: click.echo(f"kg serve: {address}"))


@commands.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def explain(file: Path) -> None:
    """Print each sentence of a file, what was seen in it, each fact with its rule, and what was left.

    \b
    Example:
      kg explain seeds/003-eerduosi.txt
    """
    from kg.explain import explain as explained

    try:
        for line in explained(file):
            click.echo(line)
    except ValueError as error:
        raise Problem(f"{file}: {error}") from error


@commands.command()
@click.argument("gold", type=click.Path(path_type=Path, exists=True))
@click.argument("texts", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--page", type=click.Path(path_type=Path), metavar="FILE", help="Also write a page: the texts, marked.")
@click.option("--json", "as_json", type=click.Path(path_type=Path), metavar="FILE", help="Also write all as JSON.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="F1",
    help="Exit status 1 where the F1 of the core relations is below.",
)
@click.option("--quiet", is_flag=True, help="Only the figures, not what was missed and wrong.")
@click.pass_context
def evaluate(
    ctx: click.Context,
    gold: Path,
    texts: Path,
    page: Path | None,
    as_json: Path | None,
    fail_under: float,
    quiet: bool,
) -> None:
    """Read annotated texts and tell how well: what was missed, what was wrong, precision, recall and F1.

    GOLD is an annotation or a folder of them (docs/annotation.md), TEXTS the folder of the texts. A text that cannot be
    read, or is not the one that was annotated, is reported and skipped; the exit status is then 2.

    \b
    Example:
      kg evaluate tests/corpus/open tests/corpus/open --page marked.html
    """
    from kg import evaluate_report as report
    from kg.evaluate import evaluate as evaluated
    from kg.pipeline import Failure

    failures: list[Failure] = []
    evaluation = evaluated(gold, texts, failures.append)
    for line in () if quiet else report.errors(evaluation):
        click.echo(line)
    for line in report.summary(evaluation):
        click.echo(line)
    if page:
        page.write_text(report.page(evaluation), encoding="utf-8", newline="\n")
    if as_json:
        as_json.write_text(json.dumps(report.as_json(evaluation), ensure_ascii=False, indent=1), encoding="utf-8")
    for failure in failures:
        _complain(f"{failure.name}: {failure.reason}")
    if failures:
        ctx.exit(BAD_INPUT)
    if evaluation.core_f1 < fail_under:
        ctx.exit(FOUND_SOMETHING)
