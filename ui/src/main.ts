// The shared look comes first, so that a component's own style wins.
import "./tokens.css";
import "./base.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { connect, type Settings } from "./api";

const target = document.getElementById("app");
if (!target) {
  throw new Error("The page has no element with the id app");
}

const DEFAULTS: Settings = { theme: "system", language: "system", device: "auto" };

const api = await connect();
// Read before the first picture, so that the theme does not change before the person's eyes.
const settings = await api.readSettings().catch(() => DEFAULTS);

mount(App, { target, props: { api, settings } });
