/** A sentence, a sentence with values in it, or a group of them. */
export type Word = string | ((...values: never[]) => string) | readonly string[] | WordTable;

export interface WordTable {
  readonly [name: string]: Word;
}

/** The words of one area of the app in both languages. `de` has the names of `en`, no more and no fewer. */
export interface Words<Area = WordTable> {
  readonly en: Area;
  readonly de: Area;
}

export type Language = "en" | "de";
