/** The width that a chart has to draw in. */

import type { Attachment } from "svelte/attachments";

/** Returns an attachment that tells the element's width now and whenever it changes. */
export function watchWidth(onwidth: (width: number) => void): Attachment<HTMLElement> {
  return (element) => {
    // jsdom has no layout and no ResizeObserver.
    if (typeof ResizeObserver === "undefined") {
      return;
    }
    const observer = new ResizeObserver(([entry]) => {
      if (entry && entry.contentRect.width > 0) {
        onwidth(Math.round(entry.contentRect.width));
      }
    });
    observer.observe(element);
    return () => observer.disconnect();
  };
}
