/** Where the person is. Kept in the address, so that a reload of the page returns there. */

export const STEPS = ["data", "labels", "model", "train", "report", "try", "export"] as const;

/** A stop of the journey through a project. */
export type Step = (typeof STEPS)[number];

export type Route = { kind: "home" } | { kind: "project"; projectId: string; step: Step };

export interface RouteState {
  readonly current: Route;
  go(route: Route): void;
  /** Takes the route from the address, after someone else has changed it. */
  read(): void;
}

export function createRoute(): RouteState {
  let current = $state.raw(parseRoute(location.hash));

  return {
    get current() {
      return current;
    },
    go(route) {
      current = route;
      location.hash = formatRoute(route);
    },
    read() {
      current = parseRoute(location.hash);
    },
  };
}

export function formatRoute(route: Route): string {
  return route.kind === "home" ? "#/" : `#/project/${encodeURIComponent(route.projectId)}/${route.step}`;
}

/** Returns home for every address that is not a place. */
export function parseRoute(hash: string): Route {
  const [, id, name] = /^#\/project\/([^/]+)\/([a-z]+)$/.exec(hash) ?? [];
  const step = STEPS.find((known) => known === name);
  return id && step ? { kind: "project", projectId: decodeURIComponent(id), step } : { kind: "home" };
}
