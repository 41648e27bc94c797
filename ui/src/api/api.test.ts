import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, expect, test } from "vitest";
import { connect } from ".";

afterEach(() => {
  clearMocks();
  Reflect.deleteProperty(window, "__TAURI_INTERNALS__");
});

test("a browser gets the fake", async () => {
  expect((await (await connect()).appInfo()).version).toBe("0.0.0-browser");
});

test("the window asks the shell by the command's name", async () => {
  const commands: string[] = [];
  mockIPC((command) => {
    commands.push(command);
    return { name: "Embert", version: "9.9.9" };
  });

  expect(await (await connect()).appInfo()).toEqual({ name: "Embert", version: "9.9.9" });
  expect(commands).toEqual(["app_info"]);
});
