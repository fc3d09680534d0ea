"""The models of the other tasks, as `models --tasks` makes them: what they begin from, then they themselves,
then what is measured of them. What is finished stays, what was interrupted goes on."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from s2s import catalog, task_recipes
from s2s.catalog import Task
from s2s.cli import jobs
from s2s.cli.outputs import write_new
from s2s.data.fingerprint import weights_of
from s2s.errors import DataError
from s2s.languages import Languages
from s2s.places import ASSETS
from s2s.task_recipes import PARENTS, Recipe

if TYPE_CHECKING:
    from s2s.data.corpora import Pair

_TRAIN: Final = "train.tsv.gz"
_DEV: Final = "dev.tsv.gz"
_TEST: Final = "test.tsv.gz"
_IN_DOMAIN: Final = "in-domain.tsv.gz"
_FIRST: Final = "-first"  # behind the name of what a model was before it went on
_LEARNED: Final = "learned"  # under the folder of runs: what each recipe reads


class Place(NamedTuple):
    """One recipe and where its files are."""

    name: str  # of a task or of a parent
    recipe: Recipe
    languages: Languages
    licence: str
    folder: Path  # of what it reads


def names() -> tuple[str, ...]:
    """The tasks that have a recipe."""
    return tuple(task.name for task in catalog.TASKS if task.name in task_recipes.TASKS)


def check(options: argparse.Namespace) -> None:
    """Raise DataError before hours of training for what is read after them."""
    from s2s.data.corpora import read_pairs
    from s2s.evaluate.scores import check_tokenizers

    for task in _tasks(options):
        recipe = task_recipes.TASKS[task.name]
        check_tokenizers(task.languages)
        stages = [one for one in (recipe, recipe.first) if one is not None]
        started = {name for one in stages for name in (one.begins_from, one.child_of)}
        begun = [PARENTS[name] for name in started if name in PARENTS]
        for folder in {folder for one in (*stages, *begun) for folder in (*one.folders, *one.pieces_of)}:
            read_pairs(options.tasks / folder / _DEV)
        for test in (_TEST, recipe.test):
            read_pairs(options.tasks / recipe.folders[0] / test)


def make(options: argparse.Namespace) -> None:
    """Train what is missing, put the models where the app reads them, and measure them."""
    work = options.work / "tasks"
    work.mkdir(exist_ok=True)
    for task in _tasks(options):
        place = _gathered(task.name, task_recipes.TASKS[task.name], task.languages, task.licence, options)
        for kind in task.kinds:
            _train(catalog.KINDS[kind], task, place, options)
        for name in task.models:
            _publish(work / name, options.out / name)
        _measure(task, place, options)


def _tasks(options: argparse.Namespace) -> Iterator[Task]:
    """Those that were asked for; of all that have a recipe, those whose data are there."""
    for task in catalog.TASKS:
        if recipe := task_recipes.TASKS.get(task.name):
            is_there = (options.tasks / recipe.folders[0] / _TRAIN).exists()
            if task.name in options.task if options.task else is_there:
                yield task


def _gathered(
    name: str,
    recipe: Recipe,
    languages: Languages,
    licence: str,
    options: argparse.Namespace,
    *,
    stage: str = "",
) -> Place:
    """Write what a recipe reads, once: runs that are there learned from it."""
    from s2s.data.corpora import pairs_as_tsv

    folder = options.work / "tasks" / _LEARNED / f"{name}{stage}"
    first = recipe.folders[0]
    corpus = [pair for part in recipe.folders for pair in _read(options.tasks / part, _TRAIN, part, recipe)]
    own = _written(name, recipe, options)
    requests = _requests(recipe, options)
    made = _made(recipe, options)
    train = [*dict.fromkeys([*corpus, *own, *requests]), *own * (recipe.times - 1)]
    in_domain = corpus if recipe.is_corpus_in_domain else train if made else own
    files = {
        _TRAIN: pairs_as_tsv([*train, *made]),
        _DEV: pairs_as_tsv(_read(options.tasks / first, _DEV, first, recipe)),
        **({_IN_DOMAIN: pairs_as_tsv(in_domain)} if in_domain else {}),
    }
    write_new({folder / file: data for file, data in files.items()})
    _learn_pieces(folder, recipe, options)
    return Place(name, recipe, recipe.languages or languages, licence, folder)


def _written(name: str, recipe: Recipe, options: argparse.Namespace) -> list[Pair]:
    """The pairs of this project for a task, but for those that share a sentence with dev or test."""
    from s2s.data.corpora import read_pairs
    from s2s.data.gathered import with_bare
    from s2s.data.splits import apart_from

    place = ASSETS / "pairs" / name / task_recipes.WRITTEN
    if not recipe.has_written or not place.exists():
        return []
    own = apart_from(read_pairs(place), _held_out(recipe, options))
    return with_bare(own) if recipe.is_bare else own


def _requests(recipe: Recipe, options: argparse.Namespace) -> list[Pair]:
    """Those of the requests of this project that a recipe learns from, but for the same."""
    from s2s.data.corpora import Pair
    from s2s.data.splits import apart_from

    if not recipe.requests:
        return []
    file = ASSETS / "pairs" / task_recipes.REQUESTS
    lines = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    pairs = (Pair(line[source], line[target]) for source, target in recipe.requests for line in lines)
    return apart_from([*dict.fromkeys(pairs)], _held_out(recipe, options))


def _made(recipe: Recipe, options: argparse.Namespace) -> list[Pair]:
    """Those that a grammar makes, but for the same."""
    from s2s.data.grammar.generate import generate
    from s2s.data.splits import apart_from

    return apart_from(generate(recipe.grammar, 1), _held_out(recipe, options)) if recipe.grammar else []


def _held_out(recipe: Recipe, options: argparse.Namespace) -> list[Pair]:
    from s2s.data.corpora import read_pairs

    folder = options.tasks / recipe.folders[0]
    return [pair for file in (_DEV, _TEST) for pair in read_pairs(folder / file)]


def _learn_pieces(folder: Path, recipe: Recipe, options: argparse.Namespace) -> None:
    """Tokenizers for a parent whose children write other words than it reads about, beside its pairs."""
    from s2s.config import TrainConfig
    from s2s.data.corpora import read_pairs
    from s2s.data.examples import learn_tokenizers

    if not recipe.pieces_of or (folder / catalog.TARGET_TOKENIZER).exists():
        return
    own = read_pairs(folder / _TRAIN)
    others = [pair for part in recipe.pieces_of for pair in read_pairs(options.tasks / part / _TRAIN)]
    sizes = recipe.settings["source_vocab"], recipe.settings["target_vocab"]
    usual = TrainConfig()
    source, target = (
        learn_tokenizers(pairs, typing=usual, sizes=sizes, seed=usual.seed, max_length=usual.max_length)[side]
        for side, pairs in enumerate((own, [*own, *others * 2]))
    )
    catalog.write_whole(folder / catalog.SOURCE_TOKENIZER, source.serialized)
    catalog.write_whole(folder / catalog.TARGET_TOKENIZER, target.serialized)


def _read(folder: Path, file: str, part: str, recipe: Recipe) -> list[Pair]:
    from s2s.data.corpora import read_pairs
    from s2s.data.gathered import copied, exchanged, with_bare

    pairs = read_pairs(folder / file)
    if part in recipe.copied:
        return copied(pairs, recipe.copied[part])
    pairs = exchanged(pairs) if recipe.is_exchanged else pairs
    return with_bare(pairs) if recipe.is_bare and file == _TRAIN else pairs


def _train(kind: catalog.Kind, task: Task, place: Place, options: argparse.Namespace) -> None:
    """One model of a task, unless it is there."""
    _run(options.work / "tasks" / kind.model(task.languages), kind, place, options)


def _run(folder: Path, kind: catalog.Kind, place: Place, options: argparse.Namespace) -> None:
    recipe = place.recipe
    job = jobs.Job(folder, kind, 1, None)
    if jobs.is_trained(job):
        return
    credit = f"{recipe.credit}. The weights are under {place.licence}" if place.licence else recipe.credit
    before = folder.with_name(folder.name + _FIRST)
    if recipe.first is not None and not jobs.is_trained(job._replace(folder=before)):
        read = _gathered(place.name, recipe.first, place.languages, place.licence, options, stage=_FIRST)
        _run(before, kind, read, options)
    begun = {"--from": recipe.begins_from, "--parent": recipe.child_of}
    files: dict[str, Path] = {"--train": place.folder / _TRAIN, "--dev": place.folder / _DEV}
    if (place.folder / _IN_DOMAIN).exists():
        files["--in-domain"] = place.folder / _IN_DOMAIN
    if recipe.pieces_of:
        files["--tokenizers"] = place.folder
    files |= {option: _start(name, kind, options) for option, name in begun.items() if name}
    if recipe.first is not None:
        files["--from"] = before
    settings = dict(recipe.settings)
    if "--from" not in files:
        settings |= {"source_language": place.languages.source, "target_language": place.languages.target}
        settings |= kind.settings if not recipe.child_of else {"attention": kind.attention}
    arguments: list[object] = [word for one in files.items() for word in one]
    arguments += ["--data", credit, *jobs.as_options(settings), *options.settings, "--out", folder]
    arguments += ["--keep", *recipe.keep] if recipe.keep else []
    arguments += ["--resume"] if (folder / catalog.CONFIG).exists() else []
    jobs.run("train", arguments, log=job.log)


def _start(name: str, kind: catalog.Kind, options: argparse.Namespace) -> Path:
    """The folder of what a training begins from, trained where it is nobody's and missing."""
    if name not in PARENTS:
        return options.out / name if (options.out / name).is_dir() else catalog.locate(name)
    recipe = PARENTS[name]
    if recipe.languages is None:
        raise DataError("parent_without_languages", name=name)
    folder: Path = options.work / "tasks" / name
    _run(folder, kind, _gathered(name, recipe, recipe.languages, "", options), options)
    return folder


def _publish(trained: Path, out: Path) -> None:
    """A model, where the app reads it."""
    out.mkdir(parents=True, exist_ok=True)
    for part in jobs.PARTS:
        shutil.copyfile(trained / part, out / part)


def _measure(task: Task, place: Place, options: argparse.Namespace) -> None:
    """The scores of a task's models, and what was learned by heart where that is shown; not again where the
    record is of these weights."""
    from s2s.evaluate.memorising import RECORD, read_memorising
    from s2s.evaluate.report import TASKS_REPORT, read_report

    recipe, out, log = place.recipe, options.out, options.work / "tasks" / f"{task.name}.log"
    weights = {weights_of(out / name) for name in task.models}
    known = out / TASKS_REPORT.name
    if not known.exists() or not weights <= {score.weights for score in read_report(known).scores}:
        models = [word for name in task.models for word in ("--model", out / name)]
        gold = ASSETS / "gold" / f"{task.name}.tsv"
        more = [
            *(["--exchanged"] if recipe.is_exchanged else []),
            *(["--gold", gold] if gold.exists() else []),
        ]
        test = options.tasks / recipe.folders[0] / recipe.test
        jobs.run("scores", [*models, test, *more, "--write", "--out", out], log=log)
    if not recipe.keep:
        return
    record = out / RECORD.name
    if not record.exists() or not weights & {one.weights for one in read_memorising(record).stages}:
        trained = options.work / "tasks" / task.judge
        kept = [trained.with_name(f"{trained.name}-{updates}") for updates in recipe.keep]
        stages = [folder for folder in kept if (folder / catalog.CONFIG).exists()]
        judged = ASSETS / "pairs" / task.name / task_recipes.JUDGED
        files = ["--train", place.folder / _TRAIN, "--dev", place.folder / _DEV, "--judged", judged]
        models = ["--models", *stages, trained]
        jobs.run("memorising", [*models, *files, "--write", out / task.judge, "--out", out], log=log)
