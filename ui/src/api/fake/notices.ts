/** Notices of other people's parts, in the form of the real ones. */

const NAMES = ["burn", "d3-scale", "serde", "svelte", "tauri", "tokenizers"];

export const NOTICES = `Embert is made with the parts that are listed here.

PARTS

${NAMES.map((name) => `${name} 1.0.0\n    Licence: MIT`).join("\n\n")}

TEXTS

MIT License

${"Permission is hereby granted, free of charge, to any person obtaining a copy of this software.\n".repeat(20)}`;
