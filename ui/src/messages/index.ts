export { language, setLanguage, words } from "./index.svelte";
export type { Language, Words } from "./types";
