import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import type { Api } from "../api";
import { fakeApi } from "../api/fake";
import { words } from "../messages";
import Home from "./Home.svelte";

function show(api: Api) {
  const handlers = { onopen: vi.fn(), onfile: vi.fn(), onfolder: vi.fn(), onsample: vi.fn() };
  render(Home, { api, busy: false, ...handlers });
  return handlers;
}

test("shows the projects, the last changed first, each with its score", async () => {
  const { onopen } = show(fakeApi());
  const cards = await screen.findAllByTestId("project");

  expect(cards.map((card) => within(card).getAllByRole("button")[0]?.textContent)).toEqual([
    "Support desk",
    "Hotelbewertungen 2024",
    "Student survey",
  ]);
  expect(cards[0]?.textContent).toMatch(/789 examples in 6 labels/);
  expect(cards[0]?.textContent).toMatch(/\d\d\.\d%/);

  await fireEvent.click(within(cards[1]!).getByRole("button", { name: words.home.open("Hotelbewertungen 2024") }));
  expect(onopen).toHaveBeenCalledWith(expect.objectContaining({ id: "hotel" }));
});

test("without projects it says what the app is for and offers a file, a folder and the sample", async () => {
  const { onfile, onfolder, onsample } = show(fakeApi({}, { empty: true }));
  expect(await screen.findByRole("heading", { name: words.home.welcome })).toBeTruthy();

  await fireEvent.click(screen.getByRole("button", { name: new RegExp(words.home.newFromFile) }));
  await fireEvent.click(screen.getByRole("button", { name: words.home.newFromFolder }));
  await fireEvent.click(screen.getByRole("button", { name: words.home.sample }));
  expect(onfolder).toHaveBeenCalledOnce();
  expect(onfile).toHaveBeenCalledOnce();
  expect(onsample).toHaveBeenCalledOnce();
});

test("says that it is reading until the app answers", () => {
  show(fakeApi({ listProjects: () => new Promise(() => {}) }));

  expect(screen.getByRole("status").textContent).toBe(words.home.loading);
});

test("an error is shown with what to do, and can be tried again", async () => {
  const api = fakeApi();
  const fault = { code: "projects.unreadable", message: "The folder can't be read", hint: "Check it.", details: null, values: {} };
  const listProjects = vi.fn(api.listProjects).mockRejectedValueOnce(fault);
  show({ ...api, listProjects });

  expect((await screen.findByRole("alert")).textContent).toMatch(/The folder can't be read.*Check it\./);
  await fireEvent.click(screen.getByRole("button", { name: words.frame.problem.tryAgain }));
  expect(await screen.findAllByTestId("project")).toHaveLength(3);
});

test("a project is deleted only after a question that names it", async () => {
  const api = fakeApi();
  const deleteProject = vi.fn(api.deleteProject);
  show({ ...api, deleteProject });
  await fireEvent.click(await screen.findByRole("button", { name: words.home.deleteNamed("Student survey") }));
  expect(screen.getByText(words.home.deleteTitle("Student survey"))).toBeTruthy();
  expect(deleteProject).not.toHaveBeenCalled();

  await fireEvent.click(screen.getByText(words.home.deleteYes));
  await waitFor(() => expect(screen.getAllByTestId("project")).toHaveLength(2));
  expect(deleteProject).toHaveBeenCalledWith("survey");
});
