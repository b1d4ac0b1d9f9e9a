// The stages of a case: a link to one step opens the stage that it is folded in, and on paper all are open.
(function () {
  "use strict";
  function reveal() {
    var step = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var stage = step && step.closest("details.stage");
    if (stage && !stage.open) { stage.open = true; step.scrollIntoView(); }
  }
  window.addEventListener("hashchange", reveal);
  document.addEventListener("DOMContentLoaded", reveal);

  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.stage:not([open])").forEach(function (part) { part.open = true; part.dataset.closed = "1"; });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details.stage[data-closed]").forEach(function (part) { part.open = false; delete part.dataset.closed; });
  });
})();
