// A sound to play, whole or in parts: buttons for the parts that have names, and what cards of the same page have pinned.
// It is played from the numbers that Python sent; nothing is fetched.

import { Base } from "./base.js";
import { button, element, fit, name, setText } from "./nodes.js";

/** @import { Sound as Data, SoundPart } from "./wire.js" */

export class Sound extends Base {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    super(parent, "s2s-sound s2s-plain");
    this.row = this.root.appendChild(element("div", "s2s-sound-row"));
    this.row.setAttribute("role", "group");
    this.whole = this.row.appendChild(button("s2s-sound-whole"));
    this.parts = this.row.appendChild(element("div", "s2s-sound-parts"));
    this.told = this.row.appendChild(element("p", "s2s-sound-told"));
    /** @type {AudioContext | null} */
    this.audio = null;
    /** @type {AudioBuffer | null} */
    this.buffer = null;
    /** @type {AudioBufferSourceNode | null} */
    this.playing = null;
    this.whole.addEventListener("click", () => {
      if (this.playing) this.stop();
      else this.play({ start: 0, end: Infinity, name: "", told: "" });
    });
    this.parts.addEventListener("click", (event) => {
      const part = /** @type {HTMLElement} */ (event.target).closest("button");
      if (part) this.play(this.data.parts[Number(part.dataset.part)]);
    });
    window.addEventListener("s2s-pinned", (event) => {
      const { pin, row, column } = /** @type {CustomEvent} */ (event).detail;
      if (!this.data?.rows[pin] || !this.root.isConnected) return;
      const part = row === null ? this.data.states[column] : this.data.rows[pin][row];
      if (part) this.play(part);
    });
    this.mount();
  }

  /** @param {Data} data */
  update(data, report) {
    if (data.samples !== this.data?.samples) {
      this.stop();
      this.buffer = null;
    }
    this.take(data, report);
    this.row.setAttribute("aria-label", data.labels.group);
    fit(this.parts, data.parts, () => button("s2s-sound-part"), (node, part, i) => {
      setText(node, part.name);
      node.dataset.part = String(i);
      name(node, part.told);
    });
    this.write();
    this.askForTheme();
  }

  write() {
    const { play, stop } = this.data.labels;
    setText(this.whole, this.playing ? "❚❚" : "▶");
    name(this.whole, this.playing ? stop : play);
  }

  /** @param {SoundPart} part */
  async play(part) {
    this.stop();
    this.audio ??= new AudioContext();
    this.buffer ??= decoded(this.audio, this.data);
    const source = this.audio.createBufferSource();
    source.buffer = this.buffer;
    source.connect(this.audio.destination);
    const start = Math.max(0, part.start);
    const length = Math.min(part.end, this.buffer.duration) - start;
    if (!(length > 0)) return;
    source.addEventListener("ended", () => {
      if (this.playing === source) this.stop();
    });
    this.playing = source;
    setText(this.told, part.told);
    this.root.dataset.played = `${start.toFixed(3)}-${(start + length).toFixed(3)}`;
    this.write();
    if (this.audio.state === "suspended") await this.audio.resume();
    if (this.playing === source) source.start(0, start, length);
  }

  stop() {
    const source = this.playing;
    this.playing = null;
    if (source) {
      try {
        source.stop();
      } catch {
        // it had not begun
      }
    }
    if (this.data) this.write();
  }
}

/** @param {AudioContext} audio @param {Data} data 16 bits a sample, little-endian, base64 */
function decoded(audio, { samples, rate }) {
  const bytes = Uint8Array.from(atob(samples), (character) => character.charCodeAt(0));
  const integers = new Int16Array(bytes.buffer);
  const buffer = audio.createBuffer(1, Math.max(1, integers.length), rate);
  buffer.copyToChannel(Float32Array.from(integers, (one) => one / 32768), 0);
  return buffer;
}
