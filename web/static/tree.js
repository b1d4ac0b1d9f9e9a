// The tree's search box filters what is already on the page; without scripts the server does it.
(function () {
  "use strict";
  function treeSearch(box) {
    var tree = document.getElementById(box.dataset.treeSearch);
    if (!tree) return;
    box.addEventListener("input", function () {
      var wanted = box.value.trim().toLowerCase();
      show(tree, wanted);
      tree.querySelectorAll("details").forEach(function (part) { if (wanted) part.open = true; });
    });
  }
  function show(list, wanted) {
    var any = false;
    Array.prototype.forEach.call(list.children, function (item) {
      var own = (item.dataset.search || "").toLowerCase().indexOf(wanted) >= 0;
      var below = false;
      item.querySelectorAll(":scope > ul").forEach(function (inner) {
        below = show(inner, own ? "" : wanted) || below;
      });
      item.hidden = !(own || below || !wanted);
      any = any || !item.hidden;
    });
    return any;
  }

  function ready(scope) { scope.querySelectorAll("input[data-tree-search]").forEach(treeSearch); }
  document.addEventListener("DOMContentLoaded", function () { ready(document); });
  document.addEventListener("htmx:afterSwap", function (event) { ready(event.target); });
})();
