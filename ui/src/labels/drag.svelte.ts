/**
 * Drags one label onto another. With pointer events and not with HTML's drag and drop, because the window takes that
 * one for files, and on Windows it then never reaches the page.
 */

/** Pixels before a press becomes a drag. */
const SLACK = 6;

export interface LabelDrag {
  /** The label that is being dragged, or null. */
  readonly from: string | null;
  /** The label it would fall on, or null. */
  readonly onto: string | null;
  /** Where the pointer is. */
  readonly x: number;
  readonly y: number;
  /** Begins with a press on a label. */
  press(event: PointerEvent, label: string): void;
}

/** `ondrop` is called with the dragged label and the one it fell on. The rows carry `data-label`. */
export function createLabelDrag(ondrop: (from: string, onto: string) => void): LabelDrag {
  let state = $state.raw<{ from: string; onto: string | null; x: number; y: number } | null>(null);

  function press(event: PointerEvent, label: string): void {
    const isOnControl = event.target instanceof Element && event.target.closest("button, input, select, label") !== null;
    if (event.button !== 0 || isOnControl) {
      return;
    }
    const start = { x: event.clientX, y: event.clientY };
    const ended = new AbortController();
    const { signal } = ended;

    const end = (): void => {
      ended.abort();
      state = null;
    };
    const move = ({ clientX: x, clientY: y }: PointerEvent): void => {
      if (state !== null || Math.hypot(x - start.x, y - start.y) > SLACK) {
        const below = labelAt(x, y);
        state = { from: label, onto: below === label ? null : below, x, y };
      }
    };
    const release = (): void => {
      const dropped = state;
      end();
      if (dropped?.onto != null) {
        ondrop(dropped.from, dropped.onto);
      }
    };
    // On the window: the pointer leaves the row at once.
    addEventListener("pointermove", move, { signal });
    addEventListener("pointerup", release, { signal });
    addEventListener("pointercancel", end, { signal });
    addEventListener("blur", end, { signal });
    addEventListener("keydown", ({ key }) => key === "Escape" && end(), { signal });
  }

  return {
    get from() {
      return state?.from ?? null;
    },
    get onto() {
      return state?.onto ?? null;
    },
    get x() {
      return state?.x ?? 0;
    },
    get y() {
      return state?.y ?? 0;
    },
    press,
  };
}

function labelAt(x: number, y: number): string | null {
  return document.elementFromPoint(x, y)?.closest("[data-label]")?.getAttribute("data-label") ?? null;
}
