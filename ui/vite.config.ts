import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  build: {
    // WebKitGTK 2.40, Safari 16.4 and WebView2 all understand this.
    target: ["safari16.4", "chrome111"],
    // The packages whose code is in the build; xtask/src/notices/npm.rs gathers their notices for the installers.
    license: { fileName: "npm-packages.json" },
  },
  clearScreen: false,
  // The icon lies beside ui/, at the top of the repository.
  server: { port: 1420, strictPort: true, fs: { allow: [".."] } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/test-setup.ts"],
    // Lighter than a process per file; the start of one has its own time limit, which a busy machine can miss.
    pool: "threads",
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
