/** What the engine says about the file, its rows and columns, in the language of the screen. */

import type { ColumnReason, Dialect, RowFault, RowNote } from "../api";
import { formatNumber } from "../lib/format";
import { words } from "../messages";

/** What the number of a row counts. In a JSON document it may be a line or a row, and a row is in it either way. */
export type Place = "line" | "row" | "file";

/** Says what the numbers of rows count in a file of this format. */
export function placeOf({ format }: Dialect): Place {
  switch (format.kind) {
    case "delimited":
    case "jsonLines":
    case "parts":
      return "line";
    case "folder":
      return "file";
    default:
      return "row";
  }
}

/** Says in which of several files a line stands, and where there; null where there is but one. */
export function describeFile(format: Dialect["format"], line: number): string | null {
  if (format.kind !== "parts") {
    return null;
  }
  const file = format.files.filter(({ firstLine }) => firstLine <= line).at(-1);
  return file ? words.data.inFile(formatNumber(line - file.firstLine + 1), file.name) : null;
}

/** Says which row is meant and what is wrong with it. Where a file is named, its number says nothing more. */
export function describeNoted(place: Place, note: RowNote, inFile: string | null = null): string {
  const said = describeNote(note);
  const isNamed = note.faults.some((fault) => "file" in fault);
  const line = formatNumber(note.line);
  return isNamed ? said : words.data.noteAt[place](inFile === null ? line : `${line} (${inFile})`, said);
}

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
    case "joinedCells":
      return text.joinedCells(formatNumber(fault.nCells), formatNumber(fault.nColumns), fault.column);
    case "tooFewCells":
      return text.tooFewCells(formatNumber(fault.nCells), formatNumber(fault.nColumns), fault.hasHeader);
    case "emptyCellsDropped":
      return text.emptyCellsDropped(formatNumber(fault.nCells), fault.nCells === 1);
    case "strayQuote":
      return text.strayQuote(fault.quote);
    case "brokenBytes":
      return text.brokenBytes(fault.encoding);
    case "brokenJson":
      return text.brokenJson(formatNumber(fault.character));
    case "noObject":
      return text.noObject;
    case "repeatedName":
      return text.repeatedName(fault.column);
    case "aboveTable":
      return text.aboveTable;
    case "typesRow":
      return text.typesRow;
    case "comment":
      return text.comment;
    case "repeatedHeader":
      return text.repeatedHeader;
    case "noTextFile":
      return text.noTextFile(fault.file);
    case "fileTooLong":
      return text.fileTooLong(fault.file);
    case "unreadableFile":
      return text.unreadableFile(fault.file);
    case "brokenFile":
      return text.brokenFile(fault.file, fault.encoding);
    case "noText":
      return text.noText(fault.column);
    case "noLabel":
      return text.noLabel(fault.column);
    case "severalLabels":
      return text.severalLabels(formatNumber(fault.nLabels));
    case "noMark":
      return text.noMark(fault.column);
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
    case "listedLabels": {
      const [joined, rows, labels] = [reason.nJoined, reason.nRows, reason.nLabels].map((n) => formatNumber(n)) as [string, string, string];
      return reason.separator === "[]" ? text.lists(joined, rows, labels) : text.joined(joined, rows, labels, reason.separator);
    }
    case "yesOrNo":
      return text.yesOrNo(formatNumber(reason.columns.length));
    case "allDifferent":
      return text.allDifferent(formatNumber(reason.nRows));
    case "longestTexts":
      return text.longestTexts(formatNumber(reason.meanWords, 1));
    default:
      return (reason as ColumnReason).message;
  }
}

/** Says what kind of file it is; null for a plain text file, whose columns and letters say it all. */
export function describeFormat({ format, archive }: Dialect): string | null {
  const text = words.data.format;
  const name = formatName(format);
  if (archive?.kind === "zip") {
    return text.inZip(name, archive.file);
  }
  if (archive?.kind === "gzip") {
    return text.inGzip(name);
  }
  return format.kind === "delimited" ? null : name;
}

function formatName(format: Dialect["format"]): string {
  const text = words.data.format;
  switch (format.kind) {
    case "delimited":
    case "jsonLines":
    case "json":
      return text[format.kind];
    case "workbook":
      return text[format.fileType];
    case "parquet":
      return format.namedColumns.length > 0 ? text.namedParquet(format.namedColumns.join(", ")) : text.parquet;
    case "folder":
      return text.folder(formatNumber(format.nFiles), format.nFiles === 1);
    case "parts":
      return text.parts(format.files.map(({ name, part }) => `${name} (${part})`).join(", "));
  }
}
