// After a refused form its summary gets the focus, so that it is read first; the current section of a phone's strip is in sight.
(function () {
  "use strict";
  function ready(scope) {
    var problem = scope.querySelector("[data-problem]");
    if (problem) problem.focus();
  }
  document.addEventListener("DOMContentLoaded", function () { ready(document); });
  document.addEventListener("htmx:afterSwap", function (event) { ready(event.target); });

  document.addEventListener("DOMContentLoaded", function () {
    var current = document.querySelector(".rail a[aria-current]");
    if (!current) return;
    current.parentNode.scrollLeft = current.offsetLeft + current.offsetWidth - current.parentNode.clientWidth;
  });
})();
