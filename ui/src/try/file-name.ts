/** Returns the last part of a path, whichever system it comes from. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).filter((part) => part !== "").at(-1) ?? path;
}
