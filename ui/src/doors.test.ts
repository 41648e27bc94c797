// @vitest-environment node

import { expect, test } from "vitest";

const sources = import.meta.glob<string>("./**/*.{ts,svelte}", { query: "?raw", import: "default", eager: true });

test("only src/api imports @tauri-apps", () => {
  const others = Object.entries(sources).filter(([path]) => !path.startsWith("./api/") && path !== "./doors.test.ts");

  expect(others.length).toBeGreaterThan(0);
  expect(others.filter(([, source]) => source.includes("@tauri-apps")).map(([path]) => path)).toEqual([]);
});
