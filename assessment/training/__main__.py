"""Train the models: ``python -m assessment.training STEP --corpora DIR --work DIR``.

Steps, in order; each goes on where it was interrupted:

bootstrap  align the corpora with pocketsphinx
states     run the pretrained encoder over them
distorted  the same over distorted copies (augmentation)
first      train two heads on the bootstrap alignments
realign    align everything with them
native     train a head on native speech
adapt      adapt it to learners: a head without each fold, and one on all
validate   cross-validate the scoring model over the folds; figures.md is for the model card
scorer     train the scoring model on all learners
stress     train the network that finds the main stress of words; needs hibari-tts
finetune   train the encoder's last blocks together with a head (optional)
export     write ONNX files and manifest, and check that they equal torch
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from onnxruntime import InferenceSession

from assessment.acoustic import open_session
from assessment.errors import ElocuteError
from assessment.training import bootstrap, mapping, recipe, states, stress
from assessment.training.cross_validation import card_section, summarise
from assessment.training.finetune import FinetunePlan, finetune
from assessment.training.network import load_encoder
from assessment.training.predictions import PREDICTIONS, save_predictions
from assessment.training.recipe import TAPS, Workshop
from assessment.training.scoring_data import Listener

log = logging.getLogger(__name__)

Step = Callable[[Workshop, argparse.Namespace], None]


def _bootstrap(shop: Workshop, options: argparse.Namespace) -> None:
    everything = [*shop.learners, *shop.native]
    bootstrap.bootstrap(everything, shop.folder / "bootstrap.jsonl", options.processes)


def _states(shop: Workshop, options: argparse.Namespace) -> None:
    encoder = _encoder(shop, options)
    utterances = [*shop.learners, *shop.native, *shop.unheard]
    states.extract(encoder, shop.width, utterances, shop.folder / "states" / "clean")


def _distorted(shop: Workshop, options: argparse.Namespace) -> None:
    encoder = _encoder(shop, options)
    utterances = [*shop.learners, *recipe.augmented_native(shop)]
    folder = shop.folder / "states" / "augmented"
    states.extract(encoder, shop.width, utterances, folder, augmented=True, noises=shop.noises)


def _encoder(shop: Workshop, options: argparse.Namespace) -> InferenceSession:
    path = shop.folder / "encoder.onnx"
    if not path.is_file():
        states.export_encoder(load_encoder(options.encoder, TAPS), path)
    return open_session(path, options.threads)


def _first(shop: Workshop, options: argparse.Namespace) -> None:
    recipe.first_heads(shop)


def _realign(shop: Workshop, options: argparse.Namespace) -> None:
    recipe.realigned(shop)


def _native(shop: Workshop, options: argparse.Namespace) -> None:
    recipe.native_head(shop)


def _adapt(shop: Workshop, options: argparse.Namespace) -> None:
    for name in recipe.HEAD_FOLDS:
        recipe.adapted_head(shop, name)


def _stress(shop: Workshop, options: argparse.Namespace) -> None:
    listener = Listener(shop.head(options.head), mapping.priors(shop), mapping.fitted_projection(shop))
    words = options.leave_out.read_text(encoding="utf-8").split() if options.leave_out else []
    stress.train(shop, listener, _encoder(shop, options), options.target, words)


def _finetune(shop: Workshop, options: argparse.Namespace) -> None:
    encoder, head = load_encoder(options.encoder, TAPS), shop.head(options.head)
    utterances = [*shop.of_folds(recipe.HEAD_FOLDS[options.head]), *shop.native]
    checkpoint = shop.folder / f"finetune-{options.head}.part"
    alignments = shop.alignments("realigned")
    finetune(encoder, head, utterances, alignments, shop.noises, FinetunePlan(), checkpoint)
    torch.save(encoder.state_dict(), shop.folder / f"encoder-{options.head}.pt")
    torch.save(head.state_dict(), shop.head_path(f"{options.head}-finetuned"))


def _validate(shop: Workshop, options: argparse.Namespace) -> None:
    predictions = mapping.validate(shop, options.processes)
    save_predictions(predictions, shop.folder / PREDICTIONS)
    figures = card_section(summarise(predictions, shop.learners))
    (shop.folder / "figures.md").write_text(figures, encoding="utf-8")
    log.info("%s", figures)


def _scorer(shop: Workshop, options: argparse.Namespace) -> None:
    mapping.train(shop, options.processes)


def _export(shop: Workshop, options: argparse.Namespace) -> None:
    encoder = load_encoder(options.encoder, TAPS)
    mapping.ship(shop, encoder, options.head, options.target, options.version, options.offset)


STEPS: Mapping[str, Step] = {
    "bootstrap": _bootstrap,
    "states": _states,
    "distorted": _distorted,
    "first": _first,
    "realign": _realign,
    "native": _native,
    "adapt": _adapt,
    "finetune": _finetune,
    "validate": _validate,
    "scorer": _scorer,
    "stress": _stress,
    "export": _export,
}

# Options that only some steps cannot do without.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "states": ("encoder",),
    "distorted": ("encoder",),
    "stress": ("encoder", "target"),
    "finetune": ("encoder",),
    "export": ("encoder", "target"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one step; return the process's exit code."""
    parser = argparse.ArgumentParser(
        "python -m assessment.training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with a folder for each corpus")
    parser.add_argument("--work", type=Path, required=True, help="folder for everything that is computed")
    parser.add_argument("--encoder", type=Path, help="pretrained Whisper base: base.pt, safetensors or npz")
    parser.add_argument(
        "--processes", type=int, default=1, help="how many to run at once: bootstrap, validate, scorer"
    )
    parser.add_argument("--head", default="full", help="head to fine-tune or to export")
    parser.add_argument("--target", type=Path, help="model folder to write, for stress and export")
    parser.add_argument("--leave-out", type=Path, help="file of words that stress must not say")
    parser.add_argument("--version", default="1", help="of the exported model")
    parser.add_argument("--offset", type=float, default=0.0, help="lag of its boundaries in seconds")
    parser.add_argument("--threads", type=int, default=2, help="threads of torch")
    options = parser.parse_args(arguments)
    for name in NEEDED.get(options.step, ()):
        if getattr(options, name) is None:
            parser.error(f"the step {options.step} needs --{name}")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    try:
        STEPS[options.step](Workshop(options.corpora, options.work), options)
    except ElocuteError as problem:
        print(problem, file=sys.stderr)
        return 2
    except FileNotFoundError as problem:
        print(f"There is no file {problem.filename}: run the step that makes it first.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
