import "./tokens.css";
import { mount } from "svelte";
import { connect } from "./api";
import App from "./App.svelte";

const target = document.getElementById("app");
if (!target) {
  throw new Error("The page has no element with the id app");
}
mount(App, { target, props: { api: await connect() } });
