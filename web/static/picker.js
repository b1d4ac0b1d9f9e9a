// A long select gets a search box above it: by name, pinyin, initials (data-search on each option).
(function () {
  "use strict";
  function picker(select) {
    if (select.dataset.ready) return;
    select.dataset.ready = "1";
    var whole = select.innerHTML;
    var all = Array.prototype.slice.call(select.querySelectorAll(":scope > option"));
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
      if (wanted) {
        select.textContent = "";
        all.forEach(function (option) {
          var text = (option.textContent + " " + (option.dataset.search || "")).toLowerCase();
          if (!option.value || text.indexOf(wanted) >= 0) select.appendChild(option.cloneNode(true));
        });
      } else select.innerHTML = whole;
      select.value = kept;
      if (wanted && !select.value && select.options.length === 2) select.selectedIndex = 1;
      if (select.selectedIndex < 0) select.selectedIndex = 0;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    box.addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.preventDefault(); select.focus(); }
    });
  }

  function ready(scope) { scope.querySelectorAll("select[data-picker]").forEach(picker); }
  document.addEventListener("DOMContentLoaded", function () { ready(document); });
  document.addEventListener("htmx:afterSwap", function (event) { ready(event.target); });
})();
