// The one component of the pages: it draws the view that its data names (pages/kit/wire.py), in place at every run.

import { Cards } from "./cards.js";
import { Lesson } from "./lesson.js";
import { Maker } from "./lesson-maker.js";
import { Machine } from "./machine.js";
import { Mosaic } from "./mosaic.js";
import { Outside } from "./outside.js";
import { Sound } from "./sound.js";
import { Stages } from "./stages.js";
import { Tracks } from "./tracks.js";

const VIEWS = {
  cards: Cards,
  lesson: Lesson,
  machine: Machine,
  maker: Maker,
  mosaic: Mosaic,
  outside: Outside,
  sound: Sound,
  stages: Stages,
  tracks: Tracks,
};

const views = new WeakMap(); // parentElement -> its view

export default function ({ parentElement, data, setStateValue, setTriggerValue }) {
  show(parentElement, data, { state: setStateValue, trigger: setTriggerValue });
}

/** The view of an element, made when it is first asked for. */
export function show(parentElement, data, report) {
  let view = views.get(parentElement);
  if (!view) views.set(parentElement, view = new VIEWS[data.view](parentElement, data));
  view.update(data, report);
  return view;
}
