/** Searching a list of names. */

/** Lists that are longer than this have a search field. */
export const SEARCHED_FROM = 30;

/** Returns those that have all typed words in one of their names; capitals and accents don't count. */
export function search<T>(all: readonly T[], typed: string, namesOf: (one: T) => readonly string[]): readonly T[] {
  const wanted = plain(typed).split(/\s+/).filter((word) => word !== "");
  if (wanted.length === 0) {
    return all;
  }
  return all.filter((one) =>
    namesOf(one).some((name) => {
      const letters = plain(name);
      return wanted.every((word) => letters.includes(word));
    }),
  );
}

/** Accents become characters of their own, and go; „ß“ is searched for as „ss“ by whoever has no such key. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{Mark}/gu, "").toLowerCase().replaceAll("ß", "ss");
}
