// The largest zoom at which something fits. What is zoomed is also arranged anew, so that sizes do not follow the zoom in
// proportion, and going by them alone can swing for ever: what is known to fit and what is known not to closes in on it.

const NEAR = 0.02; // of a zoom: nobody sees a smaller step
const CLOSE = 1.04; // how many times as large the next zoom that is known not to fit may be
const BOLD = 1.3; // how many times as large the next zoom is at least, where one in proportion left room again

export class Fitting {
  /** @param {number} least @param {number} most */
  constructor(least, most) {
    this.least = least;
    this.most = most;
    this.reset();
  }

  reset() {
    this.low = 0; // the largest that is known to fit
    this.high = Infinity; // and the smallest that is known not to
  }

  /**
   * The zoom to try next; the same where the search is over.
   * @param {number} zoom as it is
   * @param {number} ratio how many times as large there would be room for in proportion: below 1 it does not fit
   */
  next(zoom, ratio) {
    const fits = ratio >= 1;
    const isSlow = fits && this.low > 0 && this.high === Infinity; // a heatmap gives way to larger letters
    if (fits ? zoom >= this.high : zoom <= this.low) this.reset(); // it is no longer what it was
    if (fits) this.low = zoom;
    else this.high = zoom;
    const { low, high } = this;
    if (fits && this.within(zoom * ratio) - zoom < NEAR) return zoom;
    const wanted = this.within(zoom * (isSlow ? Math.max(ratio, BOLD) : ratio));
    if (low > 0 && high / low < CLOSE) return low;
    if (wanted > low && wanted < high) return wanted;
    return low > 0 && high < Infinity ? this.within((low + high) / 2) : wanted;
  }

  // Whole hundredths, of which the larger would not fit.
  within(zoom) {
    return Math.floor(100 * Math.min(this.most, Math.max(this.least, zoom)) + 1e-6) / 100;
  }
}
