// After a refused form its summary gets the focus, so that it is read first; what has to be scrolled can be reached by Tab; the
// current section of a phone's strip is in sight.
(function () {
  "use strict";
  function ready(scope) {
    var problem = scope.querySelector("[data-problem]");
    if (problem) problem.focus();
    scope.querySelectorAll(".scroll").forEach(function (part) { if (part.scrollWidth > part.clientWidth) part.tabIndex = 0; });
  }
  document.addEventListener("DOMContentLoaded", function () { ready(document); });
  document.addEventListener("htmx:afterSwap", function (event) { ready(event.target); });

  document.addEventListener("DOMContentLoaded", function () {
    var current = document.querySelector(".rail a[aria-current]");
    if (!current) return;
    current.parentNode.scrollLeft = current.offsetLeft + current.offsetWidth - current.parentNode.clientWidth;
  });
})();
