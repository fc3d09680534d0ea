// Sliders and switches that belong to a stage.

import { element, fit, setText } from "./nodes.js";

/** @import { Stages } from "./stages.js" */
/** @import { Range, Switch } from "./wire.js" */

export class Controls {
  /** @param {Stages} view */
  constructor(view) {
    this.view = view;
  }

  /** @param {(Range | Switch)[]} controls */
  write(parent, controls) {
    parent.hidden = !controls.length;
    fit(parent, controls, () => element("div", "s2s-control"), (box, control) => {
      if (box.dataset.name !== control.name) {
        box.dataset.name = control.name;
        box.replaceChildren(control.kind === "range" ? this.buildRange(control) : this.buildSwitch(control));
      }
      const value = this.view.chosen[control.name];
      const input = box.querySelector("input");
      box.firstChild.title = control.help;
      input.setAttribute("aria-description", control.help);
      setText(box.querySelector(".s2s-control-label"), control.label);
      if (control.kind === "switch") input.checked = value;
      else input.value = value;
    });
    this.tell();
  }

  /** @param {Range} control */
  buildRange({ name, low, high, step }) {
    const label = element("label");
    const input = element("input", "s2s-slider");
    Object.assign(input, { type: "range", min: low, max: high, step });
    input.addEventListener("input", () => this.view.set({ [name]: Number(input.value) }));
    label.append(element("span", "s2s-control-label"), input, element("output"));
    return label;
  }

  /** @param {Switch} control */
  buildSwitch({ name }) {
    const label = element("label");
    const input = element("input");
    Object.assign(input, { type: "checkbox", role: "switch" });
    input.addEventListener("change", () => this.view.set({ [name]: input.checked }));
    label.append(input, element("span", "s2s-control-label"));
    return label;
  }

  // Where the sliders stand.
  tell() {
    for (const output of this.view.root.querySelectorAll(".s2s-control output")) {
      setText(output, Number(this.view.chosen[output.closest("[data-name]").dataset.name]).toFixed(1));
    }
  }
}
