/** What the engine says about rows and columns, in the language of the screen. */

import type { ColumnReason, RowFault, RowNote } from "../api";
import { formatNumber } from "../lib/format";
import { words } from "../messages";

/** Says what is wrong with a row; in English where only the engine's sentence is known. */
export function describeNote({ reason, faults }: RowNote): string {
  const told = faults.map(describeFault);
  return told.length === 0 || told.includes(null) ? reason : told.join("; ");
}

function describeFault(fault: RowFault): string | null {
  const text = words.data.fault;
  switch (fault.code) {
    case "tooManyCells":
      return text.tooManyCells(formatNumber(fault.nCells), formatNumber(fault.nColumns), fault.hasHeader);
    case "tooFewCells":
      return text.tooFewCells(formatNumber(fault.nCells), formatNumber(fault.nColumns), fault.hasHeader);
    case "emptyCellsDropped":
      return text.emptyCellsDropped(formatNumber(fault.nCells), fault.nCells === 1);
    case "strayQuote":
      return text.strayQuote(fault.quote);
    case "brokenBytes":
      return text.brokenBytes(fault.encoding);
    case "noText":
      return text.noText(fault.column);
    case "noLabel":
      return text.noLabel(fault.column);
    default:
      return null;
  }
}

/** Says why a column was chosen. */
export function describeReason(reason: ColumnReason): string {
  const text = words.data.because;
  switch (reason.code) {
    case "usualName":
      return text.usualName;
    case "saysParts":
      return text.saysParts;
    case "fewValues":
      return text.fewValues(formatNumber(reason.nValues), formatNumber(reason.nRows));
    case "longestTexts":
      return text.longestTexts(formatNumber(reason.meanWords, 1));
    default:
      return (reason as ColumnReason).message;
  }
}
