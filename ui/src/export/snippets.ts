/** What a person types to use a saved model: the same folder in a terminal and in Python. */

/** Returns a command line that classifies one text with Embert. */
export function terminalSnippet(folder: string, text: string): string {
  return `embert classify ${shellWord(folder)} --text ${shellWord(text, true)}`;
}

/** Returns a Python program that does the same with transformers. */
export function pythonSnippet(folder: string, text: string): string {
  // A JSON string is a Python string: the escapes are the same.
  return [
    "from transformers import pipeline",
    "",
    `classify = pipeline("text-classification", model=${JSON.stringify(folder)})`,
    `print(classify(${JSON.stringify(text)}))`,
  ].join("\n");
}

/** Returns a JavaScript program that does it with transformers.js and the ONNX files in the folder. */
export function javascriptSnippet(folder: string, text: string, int8: boolean): string {
  const split = Math.max(folder.lastIndexOf("/"), folder.lastIndexOf("\\"));
  const [above, name] = split < 0 ? [".", folder] : [folder.slice(0, split) || "/", folder.slice(split + 1)];
  return [
    'import { env, pipeline } from "@huggingface/transformers";',
    "",
    `env.localModelPath = ${JSON.stringify(above)};`,
    "env.allowLocalModels = true;",
    "env.allowRemoteModels = false;",
    `const options = { dtype: "${int8 ? "q8" : "fp32"}" };`,
    `const classify = await pipeline("text-classification", ${JSON.stringify(name)}, options);`,
    `console.log(await classify(${JSON.stringify(text)}));`,
  ].join("\n");
}

/** Returns a word as a shell understands it: bare where that is safe, else in quotes. */
function shellWord(word: string, always = false): string {
  if (!always && /^[\w./~+@:-]+$/.test(word)) return word;
  // Windows: its names hold no double quote, and its shells know no backslash before one.
  if (/^([A-Za-z]:)?\\/.test(word)) return `"${word}"`;
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`;
}
