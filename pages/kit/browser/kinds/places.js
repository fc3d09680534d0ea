// Places in the plot area of a picture, in its pixels.

/** @typedef {{left: number, top: number, width: number, height: number}} Box the plot area in its picture */
/** @typedef {{x: number, y: number, width: number, height: number}} Rect a part of a plot area */

/**
 * A rectangle of the plot area as a path over the whole picture.
 * @param {Box} plot
 * @param {Rect} rect
 */
export function box(plot, { x, y, width, height }) {
  return `M${plot.left + x},${plot.top + y}h${width}v${height}h${-width}z`;
}

/**
 * Where the label under a point begins, which is turned by so many degrees and stands `y` pixels below its axis.
 * @param {number} x
 * @param {number} y
 * @param {number} degrees
 */
export function turned(x, y, degrees) {
  return x + y / Math.tan((degrees * Math.PI) / 180);
}

/**
 * The outline of the rows that stand for a piece.
 * @param {{box: Box, meta: any}} picture
 * @param {number} piece
 */
export function chosen({ box: plot, meta }, piece) {
  return meta.rows
    .filter(({ pieces }) => pieces && piece >= pieces[0] && piece < pieces[1])
    .map(({ top, bottom }) => box(plot, { x: 0, y: top, width: plot.width, height: bottom - top }))
    .join("");
}
