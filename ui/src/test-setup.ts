/** Gives the tests time on a busy machine: they wait for what they expect, and none of them is about speed. */

import { configure } from "@testing-library/svelte";

configure({ asyncUtilTimeout: 20_000 });
