/** Why a file is read as it is, in the language of the screen. */

import type { Dialect } from "../api";
import { formatNumber } from "../lib/format";
import { words } from "../messages";
import type { DialectField } from "./dialect";

/** Says what a decision rests on; null where older versions did not say, or nothing was decided. */
export function reasonFor(field: DialectField, dialect: Dialect): string | null {
  switch (field) {
    case "delimiter":
      return delimiter(dialect);
    case "hasHeader":
      return header(dialect);
    case "headerRow":
      return headerRow(dialect);
    case "skipLines":
      return above(dialect);
    case "quote":
      return quote(dialect);
    case "escape":
      return escape(dialect);
    case "comment":
      return comment(dialect);
    case "encoding":
      return encoding(dialect);
    case "sheet":
      return words.data.why.firstSheet;
  }
}

/** Older versions wrote no reasons; where there are none, it is not known either that nothing was found. */
function isJudged({ evidence }: Dialect): boolean {
  return evidence.delimiter !== null;
}

function delimiter({ delimiter: mark, runs, evidence }: Dialect): string | null {
  const text = words.data.why;
  const reason = evidence.delimiter;
  switch (reason?.code) {
    case undefined:
      return null;
    case "named":
      return null;
    case "toldOnTop":
      return text.toldOnTop;
    case "noneFits":
      return text.noneFits;
    case "rows": {
      const numbers = [reason.nEqual, reason.nRows, reason.nCells].map((n) => formatNumber(n)) as [string, string, string];
      const said = text.rows(...numbers);
      return runs === "each" || mark === null ? said : `${said} ${text.runs[runs]}`;
    }
  }
}

function header({ evidence }: Dialect): string | null {
  const text = words.data.why;
  const reason = evidence.header;
  switch (reason?.code) {
    case undefined:
      return null;
    case "named":
      return text.byNamesLine;
    case "usualName":
      return text.usualName(reason.name);
    case "typesBelow":
      return text.typesBelow;
    case "numbersBelow":
      return text.numbersBelow(reason.name);
    case "onlyOnTop":
      return text.onlyOnTop(reason.name);
    case "names":
      return text.names;
    case "comesBack":
      return text.comesBack(reason.value);
    case "noNames":
      return text.noNames;
  }
}

function headerRow(dialect: Dialect): string | null {
  const { headerRow: line, nLinesAbove, evidence } = dialect;
  const text = words.data.why;
  if (!isJudged(dialect)) {
    return null;
  }
  if (line === null) {
    return text.noNamesLine;
  }
  switch (evidence.above?.code) {
    case "fewerCells":
      return text.below(formatNumber(nLinesAbove), nLinesAbove === 1);
    case "sentences":
    case "groups":
      return text[evidence.above.code](nLinesAbove === 1);
  }
  return nLinesAbove === 0 ? text.onTop : null;
}

function above(dialect: Dialect): string | null {
  const { nLinesAbove, evidence } = dialect;
  const text = words.data.why;
  switch (evidence.above?.code) {
    case "fewerCells":
      return text.fewerCells(nLinesAbove === 1);
    case "sentences":
    case "groups":
      return text[evidence.above.code](nLinesAbove === 1);
    case "named":
      return text.byNamesLine;
    case undefined:
      if (evidence.delimiter?.code === "toldOnTop") {
        return text.toldOnTop;
      }
      return nLinesAbove === 0 && isJudged(dialect) ? text.onTop : null;
  }
}

function quote({ evidence }: Dialect): string | null {
  const text = words.data.why;
  const reason = evidence.quote;
  switch (reason?.code) {
    case undefined:
    case "named":
      return null;
    case "usual":
      return text.usualQuote;
    case "cells":
      return text.quoted(formatNumber(reason.nCells), reason.nCells === 1);
    case "partOfText":
      return text.partOfText;
  }
}

function escape(dialect: Dialect): string | null {
  const text = words.data.why;
  const reason = dialect.evidence.escape;
  switch (reason?.code) {
    case undefined:
      return isJudged(dialect) ? text.noEscape : null;
    case "named":
      return null;
    case "fewerFaults":
      return text.fewerFaults(formatNumber(reason.nWithout), formatNumber(reason.nWith));
  }
}

function comment(dialect: Dialect): string | null {
  const text = words.data.why;
  switch (dialect.evidence.comment?.code) {
    case undefined:
      return isJudged(dialect) ? text.noComments : null;
    case "named":
      return null;
    case "noRows":
      return dialect.comment === null ? null : text.comments(dialect.comment);
  }
}

function encoding({ encoding: name, evidence }: Dialect): string | null {
  const text = words.data.why;
  const reason = evidence.encoding;
  switch (reason?.code) {
    case undefined:
    case "named":
      return null;
    case "mostlyValid":
      return text.mostlyValid(name ?? "", formatNumber(reason.nBroken));
    case "byteOrderMark":
    case "zeroBytes":
    case "ascii":
    case "valid":
    case "letters":
      return text[reason.code](name ?? "");
  }
}
