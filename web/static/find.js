// Ctrl K finds people, units, cases and pages from anywhere; arrows move through what was found.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    var finder = document.getElementById("finder");
    var asked = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    var page = document.querySelector("main input[type=search]");
    if (!finder && page && asked) { event.preventDefault(); page.select(); }
    if (!finder || !finder.showModal) return;
    if (asked) {
      event.preventDefault();
      if (!finder.open) finder.showModal();
      finder.querySelector("input").select();
    } else if (finder.open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      var stops = Array.prototype.slice.call(finder.querySelectorAll("input[type=search], #found a"));
      var next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (stops[next]) { event.preventDefault(); stops[next].focus(); }
    }
  });

  // "?" asks for help with the page.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "?" || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    var help = document.querySelector("a[data-help]");
    if (help) { event.preventDefault(); help.click(); }
  });

  // "/" goes to the search box of the page, as our users' other tools do.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    var box = document.querySelector("main input[type=search]");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  });
})();
