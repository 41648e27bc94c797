/** Every sentence the person reads, in one place. */

export const messages = {
  home: {
    claim: "Teaches a computer to sort your texts.",
    privacy: "Everything happens on this computer. Nothing is sent anywhere.",
    version: (version: string) => `Version ${version}`,
    loading: "Starting…",
    failed: "The app did not answer",
    failedHint: "Close this window and open Embert again.",
    logo: "Three coloured trays with a page of text falling into each of them",
  },
} as const;
