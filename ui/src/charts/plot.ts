/** The geometry of a line chart: what its parts need to know about each other. */

import { type ScaleLinear, scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { decimate, type Point } from "../lib/curve";

/** One line of a chart. Its look differs from the others' by more than its colour. */
export interface Line {
  name: string;
  points: readonly Point[];
  /** A CSS colour. */
  colour: string;
  look: "solid" | "dashed" | "faint";
  /** Marks every point with a dot; for few points. */
  dots?: boolean;
}

/** Space around the plot for its axes, in CSS pixels; the same in all charts, so that they align. */
export const margin = { left: 52, right: 14, top: 10, bottom: 24 } as const;

export type Scale = ScaleLinear<number, number>;

/** Returns the scale from steps to pixels. */
export function stepScale(lastStep: number, width: number): Scale {
  return scaleLinear([0, Math.max(1, lastStep)], [margin.left, Math.max(margin.left + 1, width - margin.right)]);
}

/** Returns the scale from values to pixels: from 0 to the largest value or, where it is given, over the whole range. */
export function valueScale(lines: readonly Line[], range: [number, number] | null, height: number): Scale {
  const pixels = [height - margin.bottom, margin.top];
  if (range) {
    return scaleLinear(range, pixels);
  }
  const largest = lines.flatMap((one) => one.points).reduce((most, { y }) => Math.max(most, y), 0);
  return scaleLinear([0, largest || 1], pixels).nice(4);
}

/** Returns the path of a line through its points. */
export function linePath(points: readonly Point[], x: Scale, y: Scale): string {
  const draw = line<Point>(
    (point) => Math.round(x(point.x) * 10) / 10,
    (point) => Math.round(y(point.y) * 10) / 10,
  );
  return draw([...decimate(points)]) ?? "";
}

/** Returns the step below the pointer, kept within the run. */
export function stepAt(pixel: number, lastStep: number, width: number): number {
  const step = Math.round(stepScale(lastStep, width).invert(pixel));
  return Math.min(lastStep, Math.max(0, step));
}
