// Loaded before everything else and free of modules, because a module that fails to load would otherwise
// leave an empty window without a word. Its sentences are here and not in messages.ts for the same reason.
(function () {
  "use strict";

  /** Shows what went wrong above the page; a second error is added below the first. */
  function show(reason) {
    var text = reason && reason.message ? reason.message : String(reason);
    var banner = document.getElementById("error-banner");
    if (!banner) {
      banner = document.createElement("div");
      banner.id = "error-banner";
      banner.setAttribute("role", "alert");
      banner.style.cssText =
        "position:fixed;inset:0 0 auto 0;z-index:1000;padding:12px 16px;background:#8f1d14;color:#fff;" +
        "font:14px/1.5 system-ui,sans-serif;white-space:pre-wrap;max-height:40vh;overflow:auto";
      banner.textContent =
        "This window ran into an error. Close it and open it again; if that doesn't help, copy this text into a report.";
      (document.body || document.documentElement).appendChild(banner);
    }
    banner.textContent += "\n" + text;
  }

  window.addEventListener(
    "error",
    function (event) {
      // A script or style that doesn't load reports itself as an element, without a message.
      var address = event.target && (event.target.src || event.target.href);
      show(event.error || event.message || (address ? "Could not load " + address : "Unknown error"));
    },
    true,
  );
  window.addEventListener("unhandledrejection", function (event) {
    show(event.reason);
  });
})();
