"""Every error the library raises, and every sentence it can say.

    S2SError
    ├── ConfigError       a setting outside its limits
    ├── DataError         a corpus or a line of it that cannot be used
    ├── CheckpointError   a model folder that is missing, damaged or foreign
    ├── TrainingError     a training that leads nowhere
    ├── EngineError       an engine that does not answer, or not as one
    └── TraceError        a trace whose axes do not line up

Each sentence says what was found, what was expected and what to do. Each has a key, so that the app
can say it in the reader's language (`assets/strings/*/errors.toml`, table `errors`).

>>> error = DataError("line_columns", path="pairs.tsv", line=7, found=3)
>>> print(error)
pairs.tsv, line 7 has 3 columns; a pair needs 2, separated by one tab.
>>> error.key
'line_columns'
"""

from __future__ import annotations

import logging
import secrets
from typing import Final

_LOG: Final = logging.getLogger("s2s")

MESSAGES: Final[dict[str, str]] = {
    # settings
    "setting_out_of_range": "{name} is {value}; it must lie between {low} and {high}.",
    "setting_not_a_choice": "{name} is {value!r}; choose one of {choices}.",
    "setting_wrong_type": "{name} is {value!r}; expected {expected}.",
    "setting_unknown": "{name!r} is not a setting; known settings are {known}.",
    "hidden_not_even": "hidden is {value}; it must be even, because the encoder splits it "
    "over two directions.",
    "heads_not_dividing": "hidden is {value} and heads {heads}; choose heads that divide it without "
    "remainder.",
    "positions_too_few": "longest is {value}, and pairs of up to {limit} pieces need {wanted} positions; "
    "raise longest or lower max_length.",
    "setting_of_other_family": "{name} is {value!r}, which a {family} model does not have; leave "
    "--{option} out.",
    "regime_of_recurrent": "A Transformer is trained with the reference alone, and {name} is {value!r}; "
    "leave --regime out.",
    "no_positions": "{name} reads one word after the other; only a Transformer has positions to leave out.",
    "asked_of_recurrent": "{name} is a Transformer, which has no recurrent states to follow; choose a "
    "recurrent model for this.",
    "asked_of_transformer": "{name} has no heads to look into; choose a Transformer for this.",
    "guide_of_recurrent": "Only a Transformer has a head to be guided; leave --guide out or choose "
    "--family transformer.",
    "guide_unfit": "{path} cannot guide ({reason}); choose a recurrent model with attention and the same "
    "tokenizers.",
    "schedule_below_floor": "linear_k is {value}, below linear_floor = {floor}; "
    "start the schedule at or above its floor.",
    "professor_without_attention": "Professor forcing compares what attention leads to, and attention is "
    "{attention!r}; choose a model that attends, or another regime.",
    "device_missing": "There is no device {name!r} on this machine; choose auto or one of {known}.",
    "precision_missing": "{device} cannot compute recurrent layers in bfloat16; choose precision float32.",
    "batch_of_few_pairs": "batch_tokens is {value}, too much for {pairs} pairs; "
    "set it to at most {limit}, or give more pairs.",
    "memory_full": "The memory is not enough ({reason}); "
    "lower batch_tokens, hidden, layers or the vocabularies.",
    # data
    "file_missing": "{path} does not exist; check the spelling.",
    "file_unreadable": "{path} cannot be read ({reason}); check the file.",
    "file_unwritable": "{path} cannot be written ({reason}); choose another place.",
    "file_failed": "{path} cannot be used ({reason}); check it, or choose another place.",
    "file_differs": "{path} already exists with different contents; choose another folder, or delete it.",
    "file_foreign": "{path} exists and belongs to no training; choose another folder, or move it away.",
    "folder_unnamed": "{path!r} cannot be a model's folder; give one with a name, such as models/mine.",
    "disk_full": "{path} has room for {free} MB, and checkpoints of this model take {needed} MB; "
    "free some, or choose another folder.",
    "line_not_utf8": "{path}, line {line} is not UTF-8 text; save the file as UTF-8.",
    "text_too_large": "{path} holds more than {limit} bytes or {lines} lines of text; give it in parts.",
    "line_too_long": "{path}, line {line} has more than {limit} characters; the rest of it was not read.",
    "source_cut": "{path}, line {line} has more than {limit} pieces and was read up to {last!r}; "
    "give shorter lines.",
    "target_cut": "{path}, line {line}: the translation was stopped after {limit} pieces, "
    "for it had not ended; give a shorter line.",
    "line_columns": "{path}, line {line} has {found} columns; a pair needs 2, separated by one tab.",
    "line_columns_tatoeba": "{path}, line {line} has {found} columns; it needs 2 or 3: English, "
    "the other language, attribution.",
    "line_empty_side": "{path}, line {line} has an empty side; a pair needs text on both sides.",
    "line_alone": "{path}, line {line} is empty where {other} has text; a pair needs text on both sides.",
    "lines_differ": "{source} has {sources} lines, {target} has {targets}; parallel files need "
    "the same number, each line the translation of the same line in the other file.",
    "pairs_absurd": "{path}: pairs with more than {limit} characters on a side: {count}; "
    "no model can learn from them.",
    "line_columns_other": "{path}, line {line} has {found} columns; this corpus has {expected}.",
    "corpus_other": "{path} has {found} lines, expected {expected}: it is another version of the corpus; "
    "give the address of the right one, or a folder that you have, with --url.",
    "samples_other": "The samples of the part {part} have the SHA-256 {found}, not {expected}; "
    "it is another version of the corpus. Give the address of the right one with --url.",
    "corpus_empty": "{path} holds no usable pair; it needs at least one.",
    "pairs_too_long": "No pair has at most {limit} words on both sides; "
    "raise --max-words or give other pairs.",
    "no_fragments": "No fragment was found in {pairs} pairs; give more pairs, "
    "or pairs that translate each other more closely.",
    "too_few_groups": "There are {found} groups of at most {limit} pairs; dev and test ask for {wanted}, "
    "and train needs some too; ask for fewer.",
    "checksum_form": "{value!r} is not a checksum; give the 40 hexadecimal digits of a SHA-1 "
    "or the 64 of a SHA-256.",
    "checksum_wrong": "{url} has the {algorithm} {found}, not {expected}; nothing of the download was used. "
    "Try again, or choose another address.",
    "checksum_of_files": "{corpus} is several files or one that no checksum is known of; "
    "leave --checksum out, and look at those that are told.",
    "download_failed": "{url} cannot be downloaded ({reason}); check the network and try again, "
    "or get the file another way and give its path with --url.",
    "archive_too_large": "{url} has more than {limit} bytes and was not read; choose a smaller archive.",
    "archive_damaged": "{url} is not a complete zip archive ({reason}); download it again.",
    "archive_without_member": "{url} does not contain {member}; choose an archive that does.",
    "gold_columns": "{path}, line {line} has {found} columns; "
    "a gold pair needs 4: source, target, links, phenomena.",
    "gold_link": "{path}, line {line} has the link {link!r}; write 0-0 (sure) or 0?0 (possible), "
    "the first number below {sources}, the second below {targets}.",
    "gold_not_parted": "The gold holds one aligned pair; it needs two, one to choose on and one to tell on.",
    "gold_empty": "{path} holds no aligned pair; it needs at least one line with four columns.",
    "judged_line": "{path}, line {line} is no judged answer; write a question, or question, answer and 1 or "
    "0 with a tab between them.",
    "no_such_stage": "None of the models has the weights of {model}; give the one that it is among --models.",
    "tokenizer_not_installed": "{name}, which cuts words for BLEU, is not installed; "
    "run pip install 's2s[korean]'.",
    "evaluation_damaged": "{path} is not a stored evaluation ({reason}); evaluate the model again.",
    "regimes_damaged": "{path} is not a record of training regimes ({reason}); measure them again.",
    "regimes_without_teacher": "None of {models} was trained by teacher forcing, which the others are "
    "measured beside; give one that was.",
    "record_of_others": "{path} is no shipped model, and --write puts the record beside those; "
    "give --json FILE to keep it elsewhere.",
    "regimes_twice": "{first} and {second} were trained by the same regime, {regime}; give one of each.",
    "regimes_of_other_shape": "{first} and {second} differ in {name} ({found} and {expected}); "
    "give models that differ in their regime alone.",
    "recordings_damaged": "{path} is not an index of recordings ({reason}); get the files again.",
    "recordings_none": "{path} holds no recording; it needs WAV files called DIGIT_SPEAKER_TAKE.wav, "
    "or PART.tsv with PART.s16.xz.",
    "speaker_unknown": "Nobody called {name} speaks in the recordings; those who do are {known}.",
    "no_synthesis": "None of the programs {programs} is installed; install one, or train on "
    "recordings alone.",
    "synthesis_failed": "{program} did not speak ({reason}); check that it is installed whole.",
    "sound_empty": "The file is empty; choose a WAV file with sound in it.",
    "sound_silent": "Nothing is to be heard in this sound; record again closer to the microphone, "
    "or check that it is on.",
    "sound_too_short": "The sound is {found} seconds long; a digit needs at least {limit}.",
    "sound_too_long": "The sound is {found} seconds long; at most {limit} are listened to. "
    "Record fewer digits at a time.",
    "sound_too_large": "The file has more than {limit} MB; choose a shorter recording.",
    "sound_not_wav": "This is not a WAV file; save the sound as WAV, PCM or float.",
    "sound_damaged": "This WAV file is damaged or cut off; save the sound again.",
    "sound_kind": "This WAV file has {bits} bits, {channels} channels and {rate} samples a second, in kind "
    "{kind}; save it as PCM or float, with up to {most} channels and {low} to {high} samples a second.",
    "tokenizer_untrainable": "No tokenizer of {size} pieces can be trained on this text: {reason}.",
    "nothing_to_compare": "None of the {pairs} references can be compared with a translation; "
    "give references that are neither empty nor longer than a translation can be.",
    "nothing_to_learn": "No pair has at most {limit} pieces on both sides; "
    "raise max_length or give other pairs.",
    "processes_differ": "The {count} processes do not start alike; "
    "give each of them the same pairs, settings and folder.",
    "length_over_limit": "The text has {found} pieces; at most {limit} can be read.",
    "lesson_damaged": "{path} is not a lesson ({reason}); load another file, or mend this one.",
    "lesson_newer": "{path} was written by a newer version (format {found}, and this one reads {expected}); "
    "update s2s, or save the lesson in the older format.",
    "lesson_too_large": "{path} is larger than a lesson can be ({limit:,} bytes); load another file.",
    "lesson_unknown": "There is no lesson {name!r} here; choose one of the list.",
    "nothing_to_make": "There is nothing to make models from; give --data or --tasks.",
    "parent_without_languages": "{name}, which others begin from, says no languages; add them to its recipe.",
    "command_failed": "{command} failed; see {path} for the reason.",
    "unforeseen": "Something unexpected went wrong; look for error {number} in the log.",
    # checkpoints
    "model_unknown": "There is no model {name!r}; choose one of {known}, or give the path of a model folder.",
    "models_missing": "There is no folder {path}, named as one of models.",
    "models_none": "{path} has no model: neither it nor a folder in it has {config}.",
    "folder_missing": "{path} is not a folder; a model is a folder with {files}.",
    "part_missing": "{path} is missing from the model folder; copy the whole folder again.",
    "part_damaged": "{path} cannot be read ({reason}); copy the whole model folder again.",
    "format_foreign": "{path} has format {found}; this version reads format {expected}.",
    "weights_mismatch": "{path} does not fit its config: {reason}.",
    "resume_mismatch": "{path} was started with {name} = {found}, but now it is {expected}; "
    "resume with the same settings or choose another folder.",
    "resume_other_pairs": "{path} was started with other pairs; "
    "resume with the same ones or choose another folder.",
    "resume_other_tokenizers": "{path} was started with other tokenizers; "
    "resume with the same ones or choose another folder.",
    "tokenizer_changed": "{path} is not the tokenizer that this training was started with; delete it, "
    "and the training goes on with its own copy.",
    "nothing_to_resume": "{path} is not there, so there is nothing to resume; leave out --resume to begin.",
    "state_damaged": "{path} cannot be resumed from ({reason}); restore it from a backup, "
    "or train again in another folder.",
    "folder_in_use": "{path} is in use by another training; wait until it ends, or choose another folder.",
    "run_finished": "{path} already holds a finished run of {updates} updates; choose another folder.",
    "folder_not_empty": "{path} already holds an interrupted run; add --resume to go on, "
    "or choose another folder.",
    "folder_holds_model": "{path} already holds a model; choose another folder.",
    "start_of_other_shape": "{path} has {name} = {found}, not {value}; leave {name} out, "
    "or train a model from the beginning.",
    "model_without_attention": "{name} has no attention, so it cannot align words; choose another model.",
    "model_without_heads": "{name} has no heads; choose a Transformer.",
    # trainings
    "diverged": "Update {updates} gave {found}, which is not finite; what was saved before is kept. "
    "Train again with a peak_rate below {rate}, or other pairs.",
    # engines
    "engine_died": "The process that answers has ended twice while it worked on this; "
    "try something shorter, and see whether this machine has memory left.",
    "engine_address": "{address!r} is not the address of an engine; write it as ray://HOST:PORT.",
    "engine_unreachable": "{address} cannot be reached ({reason}); check that `s2s serve` runs there.",
    "engine_late": "{address} has not answered within {seconds} seconds; give it more replicas, "
    "or check what runs there.",
    "engine_failed": "{address} cannot answer ({reason}); look at what `s2s serve` says there.",
    "engine_garbled": "{address} did not answer as an engine does ({reason}); "
    "check that `s2s serve` listens there.",
    "engine_version": "{address} runs s2s {found}, and this is s2s {expected}; "
    "install the same version on both.",
    "engine_without_model": "{address} has no model {name!r}; it has: {known}.",
    "engine_other_weights": "{address} has other weights of {name} (SHA-256 {found}) than this machine "
    "({expected}); copy the model folder from one to the other.",
    "cluster_not_installed": "Ray, which shares the work out, is not installed; "
    "run pip install 's2s[cluster]'.",
    "cluster_failed": "Ray cannot be used ({reason}); check its address, "
    "and that each of its machines has this version of s2s and the models.",
    "address_form": "{address!r} is not an address; write it as HOST:PORT, the port from 1 to 65535.",
    "address_in_use": "Nothing can listen on {address} ({reason}); choose another with --address.",
    # traces
    "trace_shape": "{name} has shape {found}; the pieces of this trace need {expected}.",
    "trace_attention_partial": "scores, weights and contexts must be given together or not at all; "
    "{missing} is missing.",
    "trace_without_lengths": "This trace of {name} does not know how long the vectors are that its "
    "heads fetch; make it again.",
    "trace_without_vocabulary": "This trace of {model} has no distributions over the vocabulary; "
    "make it with compare.",
    "trace_json": "{path} is not a stored trace ({reason}).",
}


class S2SError(Exception):
    """One sentence for a person; `key` and `values` say the same to a program."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(MESSAGES[key].format(**values))
        self.key = key
        self.values = values


class ConfigError(S2SError):
    """A setting outside its limits."""


class DataError(S2SError):
    """A corpus, or a line of it, that cannot be used."""


class CheckpointError(S2SError):
    """A model folder that is missing, damaged or foreign."""


class TrainingError(S2SError):
    """A training that leads nowhere."""


class EngineError(S2SError):
    """An engine that does not answer, or not as one."""


class TraceError(S2SError):
    """A trace whose axes do not line up."""


def unforeseen(error: BaseException) -> S2SError:
    """The error to tell in place of one that nobody foresaw, which is written to the log under its number."""
    number = secrets.randbelow(900_000) + 100_000
    _LOG.error("error %d", number, exc_info=error)
    return S2SError("unforeseen", number=number)
