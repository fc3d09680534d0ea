// The records that Python sends, described by tests/kit/typedefs.py: see tests/kit/test_wire.py.

/** @import { Packed } from "./numbers.js" */

/** @typedef {{ share: number; written: string }} Apart */
/** @typedef {{ blocks: (Text | Formula | Picture | Table | Fold | Group | Beside | Go)[]; kind: "beside" }} Beside */
/** @typedef {{ part: number; step: number; read: number | null }} Built */
/** @typedef {{ panels: Panel[]; labels: Record<string, string>; colors: Record<string, string>; legends: Legend[]; in_steps: boolean; pin: string; beside: number; is_loading: boolean; view: "cards" }} Cards */
/** @typedef {{ fed: string; by: "start" | "free" | "forced" | "injected"; fed_differs: boolean; says: string; is_fed: boolean; differs: boolean; was: string | null; top: Likely[]; reference: Reference | null }} Cell */
/** @typedef {{ name: string; values: Packed | null; digits: number }} Cells */
/** @typedef {{ step: number; word: number | null; number: number | null; temperature: number; scaled: boolean; context: boolean; tanh: boolean; matrix: boolean; opened: number[]; form: string }} Chosen */
/** @typedef {{ name: string; title: string; words: TargetWord[]; step: number; number: number; place: number; width: number; told: string; stages: Stage[]; origin: Origin; notice: string }} Column */
/** @typedef {{ label: string; value: string; explanation: string }} Fact */
/** @typedef {{ summary: string; blocks: (Text | Formula | Picture | Table | Fold | Group | Beside | Go)[]; name: string; kind: "fold" }} Fold */
/** @typedef {{ lines: string[]; kind: "formula" }} Formula */
/** @typedef {{ text: string; step: number; kind: "go" }} Go */
/** @typedef {{ title: string; blocks: (Text | Formula | Picture | Table | Fold | Group | Beside | Go)[]; kind: "group" }} Group */
/** @typedef {{ title: string; text: string; controls: (Range | Switch)[] }} Head */
/** @typedef {{ step: number; word: string }} Injection */
/** @typedef {{ source: string; target: string; purpose: string }} Languages */
/** @typedef {{ title: string; low: string; high: string; colors: string[] }} Legend */
/** @typedef {{ text: string; word: string; probability: number; written: string; is_wanted: boolean }} Likely */
/** @typedef {{ source: MachineSource[]; steps: MachineStep[]; passes: MachinePass[]; encoder_states: Packed; handed: Packed; decoder_states: Packed; contexts: Packed | null; weights: Packed | null; cells: number; limit: number; cell: string; parts: MachinePart[]; stages: MachineStage[]; scorer: string; reduced: string; built: Built; overview: Sheet; spoken: string; title: string; result: string; languages: Languages; labels: Record<string, string>; colors: Record<string, string>; ramp: string[]; sheet: Sheet; origin: Origin; view: "machine" }} Machine */
/** @typedef {{ title: string; text: string }} MachinePart */
/** @typedef {{ is_backward: boolean; states: Packed }} MachinePass */
/** @typedef {{ text: string; meaning: string }} MachineSource */
/** @typedef {{ number: number; title: string }} MachineStage */
/** @typedef {{ fed: string; says: string; probability: string; told: string; plain: string }} MachineStep */
/** @typedef {{ version: number; draft: string; link: string; is_whole: boolean; first: string; pages: Record<string, string>; kinds: Record<string, string>; needs: Record<string, string[]>; models: Record<string, string>; compared: Record<string, string>; labels: Record<string, string>; colors: Record<string, string>; language: string; view: "maker" }} Maker */
/** @typedef {{ holds: boolean; text: string }} Mark */
/** @typedef {{ text: string; spaced: boolean; mark: "kept" | "lost" | "unclear" | "common" | "sign" }} Marked */
/** @typedef {{ name: string; figure: string; rows: string[]; columns: string[]; tiles: Tile[]; chosen: Picked; picks_rows: boolean; overview: Sheet; title: string; spoken: string; result: string; labels: Record<string, string>; colors: Record<string, string>; origin: Origin; view: "mosaic" }} Mosaic */
/** @typedef {{ source: string[]; target: string[]; source_keys: string[]; target_keys: string[]; cells: Cells[]; series: Series[]; meanings: string[] }} Numbers */
/** @typedef {{ models: string[]; sentence: string; code: string }} Origin */
/** @typedef {{ title: string; language: string; made: string; labels: Record<string, string>; light: Record<string, string>; paper: Record<string, string>; shell: string; skip: string; words: Record<string, string>; view: "outside" }} Outside */
/** @typedef {{ name: string; title: string; about: string; numbers: Numbers | null; figure: string | null; source: Marked[]; marked: string; words: Word[]; facts: Fact[]; notice: string; spoken: string; is_wide: boolean; languages: Languages; origin: Origin }} Panel */
/** @typedef {{ layer: number; head: number; row: number | null }} Picked */
/** @typedef {{ figure: string; caption: string; spoken: string; code: string; kind: "picture" }} Picture */
/** @typedef {{ key: string; asks: string; form: "choose" | "type" | "open"; options: string[]; points: boolean; right: string[]; near: number; told: string; hides: "all" | "cells"; reason: string }} Quiz */
/** @typedef {{ name: string; label: string; low: number; high: number; step: number; help: string; kind: "range" }} Range */
/** @typedef {{ text: string; note: string; teaches: boolean }} Reference */
/** @typedef {{ name: string; values: string[]; exact: Packed | null; band: Packed | null }} Series */
/** @typedef {{ head: string[]; rows: ((string | number | null)[])[] }} Sheet */
/** @typedef {{ samples: string; rate: number; parts: SoundPart[]; rows: Record<string, SoundPart[]>; states: SoundPart[]; labels: Record<string, string>; colors: Record<string, string>; view: "sound" }} Sound */
/** @typedef {{ name: string; start: number; end: number; told: string }} SoundPart */
/** @typedef {{ text: string; meaning: string; key: number; word: number; pieces: number; opened: boolean; chosen: boolean }} SourceWord */
/** @typedef {{ blocks: (Text | Formula | Picture | Table | Fold | Group | Beside | Go)[]; mark: Mark | null }} Stage */
/** @typedef {{ heads: Head[]; columns: Column[]; source: SourceWord[]; steps: number; told: string; languages: Languages; chosen: Chosen; labels: Record<string, string>; colors: Record<string, string>; ramp: string[]; view: "stages" }} Stages */
/** @typedef {{ lesson: string; title: string; at: number; outline: string[]; questions: number[]; heading: string; text: string; notice: string; picture: number; is_here: boolean; group: string; tabs: Tab[]; quiz: Quiz | null; wanted: boolean; own: string; labels: Record<string, string>; colors: Record<string, string>; ground: string; language: string; view: "lesson" }} Strip */
/** @typedef {{ name: string; label: string; help: string; kind: "switch" }} Switch */
/** @typedef {{ at: number; title: string; text: string }} Tab */
/** @typedef {{ head: string[]; rows: string[][]; kind: "table" }} Table */
/** @typedef {{ pieces: [string, number][]; spaced: boolean }} TargetWord */
/** @typedef {{ text: string; tone: string; kind: "text" }} Text */
/** @typedef {{ name: string; does: string }} Tile */
/** @typedef {{ name: string; kind: "forced" | "mixed" | "free"; title: string; note: string; cells: Cell[] }} Track */
/** @typedef {{ steps: number; first: number | null; injection: Injection | null; apart: Apart[]; tracks: Track[]; narration: string[]; spoken: string; target_language: string; labels: Record<string, string>; colors: Record<string, string>; title: string; sheet: Sheet; origin: Origin; view: "tracks" }} Tracks */
/** @typedef {{ text: string; probability: number; spaced: boolean; row: number | null }} Word */

export {};
