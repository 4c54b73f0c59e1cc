// Hundreds of dots or bars as one path instead of an element each: a fifth of the bytes, and quick to show. Plot draws lines through
// curves of one's own; these two lift the pen between the points.

interface Pen {
  readonly moveTo: (x: number, y: number) => void;
  readonly lineTo: (x: number, y: number) => void;
  readonly closePath: () => void;
}

interface Curve {
  readonly lineStart: () => void;
  readonly lineEnd: () => void;
  readonly areaStart: () => void;
  readonly areaEnd: () => void;
  readonly point: (x: number, y: number) => void;
}

const without = () => {};
const nothing = { lineStart: without, lineEnd: without, areaStart: without, areaEnd: without } as const;

/** Each point a dot as wide as the stroke; the line's caps must be round. */
export function dotsCurve(pen: Pen): Curve {
  return {
    ...nothing,
    point(x, y) {
      pen.moveTo(x, y);
      pen.closePath();
    },
  };
}

/** Every two points one bar. */
export function barsCurve(pen: Pen): Curve {
  let count = 0;
  return {
    ...nothing,
    lineStart() {
      count = 0;
    },
    point(x, y) {
      if (count++ % 2 === 0) pen.moveTo(x, y);
      else pen.lineTo(x, y);
    },
  };
}
