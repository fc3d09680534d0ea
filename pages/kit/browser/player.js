// Something that goes on by itself, a step at a time, until it is at its end or is stopped.

export class Player {
  /**
   * @param {number} pause milliseconds a step
   * @param {() => boolean} advance goes one step; false where there is none
   * @param {() => void} changed it began, or stopped
   */
  constructor(pause, advance, changed) {
    this.pause = pause;
    this.advance = advance;
    this.changed = changed;
    this.timer = null;
  }

  get isPlaying() {
    return this.timer !== null;
  }

  start() {
    this.timer = setInterval(() => this.advance() || this.stop(), this.pause);
    this.changed();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.changed();
  }
}
