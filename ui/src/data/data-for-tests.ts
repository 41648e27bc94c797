/** The Data screen for tests, and files that it may be about. */

import { render } from "@testing-library/svelte";
import { vi } from "vitest";
import type { Api, Dialect, Project } from "../api";
import { fakeApi, projectOf } from "../api/fake";
import { UNMARKED } from "../api/fake/projects";
import Data from "./Data.svelte";

export const workbook: Dialect = {
  ...UNMARKED,
  format: { kind: "workbook", fileType: "xlsx", sheet: "May", sheets: ["April", "May"] },
};

export const folder: Dialect = { ...UNMARKED, format: { kind: "folder", nFiles: 1200 } };

/** Shows a project with these differences from the usual one. */
export async function show(project: Partial<Project> = {}, answers: Partial<Api> = {}) {
  const api = fakeApi(answers);
  const made = { ...(await projectOf(api, "/home/mara/mails.csv")), ...project };
  const setColumns = vi.fn(api.setColumns);
  const setDialect = vi.fn(api.setDialect);
  const handlers = { onproject: vi.fn(), onnext: vi.fn() };
  const { rerender } = render(Data, { api: { ...api, setColumns, setDialect }, project: made, ...handlers });
  handlers.onproject.mockImplementation((changed: Project) => void rerender({ project: changed }));
  return { project: made, setColumns, setDialect, ...handlers };
}
