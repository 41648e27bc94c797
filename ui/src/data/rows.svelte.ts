/** The rows of the file that the screen shows, read in pages; what was seen long ago is forgotten. */

import type { Api, TableRow } from "../api";

export const PAGE = 100;
const KEPT_PAGES = 40;

export interface Rows {
  /** Returns the row at `index` from 0, or undefined until it has been read. */
  at(index: number): TableRow | undefined;
  /** Says which rows are on the screen. */
  show(first: number, count: number): void;
  readonly error: unknown;
  retry(): void;
  /** Reads what is on the screen anew: the rows are others now. */
  forget(): void;
}

export function createRows(api: Api, projectId: string): Rows {
  // Replaced and not changed, so that a page that arrives is seen by all who read rows.
  let pages = $state.raw(new Map<number, TableRow[]>());
  let error = $state.raw<unknown>(null);
  let wanted: number[] = [];
  let isReading = false;
  /** Counts how often all was forgotten; a page that was on its way then is not kept. */
  let reading = 0;

  // One page at a time, and after each the newest wish: dragging the scroll bar does not queue up pages that nobody
  // sees.
  async function read(): Promise<void> {
    if (isReading) {
      return;
    }
    isReading = true;
    for (let page = next(); page !== undefined && error === null; page = next()) {
      const begun = reading;
      try {
        const rows = await api.readRows(projectId, page * PAGE, PAGE);
        if (begun === reading) {
          const kept = [...pages].slice(-(KEPT_PAGES - 1));
          pages = new Map([...kept, [page, rows]]);
        }
      } catch (cause) {
        error = cause;
      }
    }
    isReading = false;
  }

  function next(): number | undefined {
    return wanted.find((page) => !pages.has(page));
  }

  return {
    at: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    show(first, count) {
      const [from, to] = [Math.floor(first / PAGE), Math.floor(Math.max(first, first + count - 1) / PAGE)];
      wanted = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      void read();
    },
    get error() {
      return error;
    },
    retry() {
      error = null;
      void read();
    },
    forget() {
      reading += 1;
      pages = new Map();
      void read();
    },
  };
}
