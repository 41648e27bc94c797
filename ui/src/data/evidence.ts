/** Why a file is read as it is, in the language of the screen. */

import type { Dialect } from "../api";
import { formatNumber } from "../lib/format";
import { words } from "../messages";

/** Says what each decision rests on. What older versions decided has no reason. */
export function describeEvidence(dialect: Dialect): string[] {
  const decisions = [delimiter(dialect), header(dialect), above(dialect), quote(dialect), escape(dialect)];
  return [...decisions, comment(dialect), encoding(dialect)].filter((said) => said !== null);
}

function delimiter({ delimiter: mark, runs, evidence }: Dialect): string | null {
  const text = words.data.why;
  const reason = evidence.delimiter;
  switch (reason?.code) {
    case undefined:
      return null;
    case "named":
      return text.said(words.data.delimiterField);
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
      return text.said(words.data.headerField);
    case "usualName":
      return text.usualName(reason.name);
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

function above({ nLinesAbove, evidence }: Dialect): string | null {
  const reason = evidence.above;
  return reason?.code === "fewerCells" ? words.data.why.above(formatNumber(nLinesAbove), nLinesAbove === 1) : null;
}

function quote({ evidence }: Dialect): string | null {
  const text = words.data.why;
  const reason = evidence.quote;
  switch (reason?.code) {
    case undefined:
    case "usual":
      return null;
    case "named":
      return text.said(words.data.quoteField);
    case "cells":
      return text.quoted(formatNumber(reason.nCells), reason.nCells === 1);
    case "partOfText":
      return text.partOfText;
  }
}

function escape({ evidence }: Dialect): string | null {
  const text = words.data.why;
  const reason = evidence.escape;
  switch (reason?.code) {
    case undefined:
      return null;
    case "named":
      return text.said(words.data.escapeField);
    case "fewerFaults":
      return text.fewerFaults(formatNumber(reason.nWithout), formatNumber(reason.nWith));
  }
}

function comment({ comment: mark, evidence }: Dialect): string | null {
  const reason = evidence.comment;
  return reason?.code === "noRows" && mark !== null ? words.data.why.comments(mark) : null;
}

function encoding({ encoding: name, evidence }: Dialect): string | null {
  const text = words.data.why;
  const reason = evidence.encoding;
  switch (reason?.code) {
    case undefined:
      return null;
    case "named":
      return text.said(words.data.encodingField);
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
