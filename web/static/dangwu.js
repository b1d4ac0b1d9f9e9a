// Small comforts on top of pages that work without any script. No personal data is stored by it.
(function () {
  "use strict";
  var root = document.documentElement;

  // A form says that it is working (the sign appears after 300 ms, by CSS) and cannot be sent twice.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sending && form.method === "post") { event.preventDefault(); return; }
    form.dataset.sending = "1";
    root.dataset.busy = "1";
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href^='/']");
    if (link && !link.hasAttribute("download") && !link.target && !event.ctrlKey && !event.metaKey && !event.shiftKey) root.dataset.busy = "1";
  });
  window.addEventListener("pageshow", function () {
    delete root.dataset.busy;
    document.querySelectorAll("form[data-sending]").forEach(function (form) { delete form.dataset.sending; });
  });
  // A download never leaves the page: take the sign away again.
  document.addEventListener("submit", function (event) {
    if (event.target.hasAttribute("data-download")) setTimeout(function () { delete root.dataset.busy; delete event.target.dataset.sending; }, 1500);
  });

  // After a refused form the summary gets the focus, so that it is read first.
  function ready(scope) {
    var problem = scope.querySelector("[data-problem]");
    if (problem) problem.focus();
    scope.querySelectorAll("select[data-picker]").forEach(picker);
    scope.querySelectorAll("input[data-tree-search]").forEach(treeSearch);
    scope.querySelectorAll("[data-print]").forEach(function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { window.print(); });
    });
  }

  // A long select gets a search box above it: by name, pinyin, initials (data-search on each option).
  function picker(select) {
    if (select.dataset.ready) return;
    select.dataset.ready = "1";
    var all = Array.prototype.slice.call(select.options);
    if (all.length < 12) return;
    var box = document.createElement("input");
    box.type = "search";
    box.className = "input picker-search";
    box.placeholder = "按名称、拼音或首字母查找";
    box.setAttribute("aria-label", "查找" + (select.dataset.picker || "党组织"));
    box.autocomplete = "off";
    select.parentNode.insertBefore(box, select);
    box.addEventListener("input", function () {
      var wanted = box.value.trim().toLowerCase();
      var kept = select.value;
      select.textContent = "";
      all.forEach(function (option) {
        var text = (option.textContent + " " + (option.dataset.search || "")).toLowerCase();
        if (!wanted || !option.value || text.indexOf(wanted) >= 0) select.appendChild(option);
      });
      select.value = kept;
      if (wanted && select.options.length === 2) select.selectedIndex = 1;
    });
    box.addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.preventDefault(); select.focus(); }
    });
  }

  // The tree's search box filters what is already on the page; without scripts the server does it.
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
      item.querySelectorAll(":scope > ul, :scope > details > ul").forEach(function (inner) { below = show(inner, own ? "" : wanted) || below; });
      item.hidden = !(own || below || !wanted);
      any = any || !item.hidden;
    });
    return any;
  }

  // "/" goes to the search box of the page, as our users' other tools do.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    var box = document.querySelector("main input[type=search]");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  });

  document.addEventListener("DOMContentLoaded", function () { ready(document); });
  document.addEventListener("htmx:afterSwap", function (event) { ready(event.target); delete root.dataset.busy; });
})();
