/** Searching a list of names. */

/** Lists that are longer than this have a search field. */
export const SEARCHED_FROM = 30;

/**
 * Returns those that have all typed words in one of their names; capitals and accents don't count, and „ü“ may be
 * written „ue“.
 */
export function search<T>(all: readonly T[], typed: string, namesOf: (one: T) => readonly string[]): readonly T[] {
  const wanted = typed.split(/\s+/).filter((word) => word !== "").map(spellings);
  if (wanted.length === 0) {
    return all;
  }
  return all.filter((one) =>
    namesOf(one).some((name) => {
      const written = spellings(name);
      return wanted.every((word) => word.some((letters) => written.some((text) => text.includes(letters))));
    }),
  );
}

/** Without its accents, and with the German letters spelled out, as whoever has no such key writes them. */
function spellings(text: string): readonly string[] {
  const small = text.normalize("NFC").toLowerCase();
  return [plain(small), plain(small.replace(/[äöü]/g, "$&e"))];
}

/** Accents become characters of their own, and go. */
function plain(small: string): string {
  return small.normalize("NFKD").replace(/\p{Mark}/gu, "").toLowerCase().replaceAll("ß", "ss");
}
