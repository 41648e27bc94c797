/** The names that the two new columns of a classified file get; the worker chooses them by the same rule. */

/** Returns the names of the label and the score column: the plain ones, or others where those are taken. */
export function newColumns(columns: string[]): { label: string; score: string } {
  const label = freeName("label", columns);
  return { label, score: freeName("score", [...columns, label]) };
}

function freeName(name: string, taken: string[]): string {
  let candidate = name;
  for (let number = 1; taken.includes(candidate); number += 1) {
    candidate = number === 1 ? `predicted ${name}` : `predicted ${name} ${number}`;
  }
  return candidate;
}
