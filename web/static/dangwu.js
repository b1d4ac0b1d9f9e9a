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

  // Ctrl K finds people, units, cases and pages from anywhere; arrows move through what was found.
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

  // "/" goes to the search box of the page, as our users' other tools do.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    var box = document.querySelector("main input[type=search]");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  });

  // On a phone the sections are a strip: the current one is scrolled into sight.
  function section() {
    var current = document.querySelector(".rail a[aria-current]");
    if (current) current.parentNode.scrollLeft = current.offsetLeft + current.offsetWidth - current.parentNode.clientWidth;
  }
  document.addEventListener("DOMContentLoaded", function () { ready(document); section(); });
  document.addEventListener("htmx:afterSwap", function (event) { ready(event.target); delete root.dataset.busy; });
})();

// === cases: live arithmetic of votes and polls; the server judges the same figures when they are sent ===
(function () {
  "use strict";
  function number(prefix, name) {
    var box = document.getElementsByName(prefix + "." + name)[0];
    if (!box || box.value.trim() === "") return null;
    var text = box.value.trim().replace(/[０-９]/g, function (digit) { return String.fromCharCode(digit.charCodeAt(0) - 65248); });
    return /^\d{1,6}$/.test(text) ? Number(text) : null;
  }
  // A share is written ">1/2" or ">=2/3".
  function share(text) {
    var found = /^(>=?)(\d+)\/(\d+)$/.exec(text || "");
    return found ? { strict: found[1] === ">", part: Number(found[2]), of: Number(found[3]), text: found[2] + "/" + found[3] } : null;
  }
  function words(one) { return one.part === 1 && one.of === 2 ? "一半" : one.text; }
  function say(line, what, value, base, whole, text) {
    var one = share(text);
    if (!one || value === null || !whole) return;
    var left = value * one.of, right = whole * one.part;
    var ok = one.strict ? left > right : left >= right;
    var sign = left > right ? " ＞ " : left === right ? " ＝ " : " ＜ ";
    add(line, what + " " + value + sign + base + " " + whole + " 的" + words(one) + (ok ? " ✓" : one.strict && left === right ? " ✗ 须超过" : " ✗"), ok);
  }
  function add(line, text, ok) {
    var part = document.createElement("span");
    part.className = ok ? "ok" : "no";
    part.textContent = text;
    line.appendChild(part);
  }
  function vote(line, prefix) {
    var eligible = number(prefix, "eligible"), present = number(prefix, "present"), yes = number(prefix, "for");
    var written = number(prefix, "written_for") || 0;
    var cast = (yes || 0) + (number(prefix, "against") || 0) + (number(prefix, "abstain") || 0);
    if (present !== null && cast > present) add(line, "到会票数 " + cast + " 多于实到 " + present + " ✗", false);
    if (eligible !== null && present !== null && present + written > eligible) add(line, "实到与书面意见 " + (present + written) + " 多于应到 " + eligible + " ✗", false);
    say(line, "实到", present, "应到", eligible, line.dataset.quorum);
    say(line, "赞成", yes === null ? null : yes + written, "应到", eligible, line.dataset.pass);
    say(line, "赞成", yes, "实到", present, line.dataset.present);
  }
  function poll(line, prefix) {
    var invited = number(prefix, "invited"), present = number(prefix, "present"), yes = number(prefix, "for");
    if (present === null) present = invited;
    if (yes !== null && present !== null && yes > present) add(line, "赞成 " + yes + " 多于参加 " + present + " ✗", false);
    if (invited !== null && present !== null && present > invited) add(line, "参加 " + present + " 多于应参加 " + invited + " ✗", false);
    say(line, "赞成", yes, "应参加", invited, line.dataset.share);
    say(line, "赞成", yes, "实际参加", present, line.dataset.present);
  }
  function reckon() {
    document.querySelectorAll("[data-reckon]").forEach(function (line) {
      line.textContent = "";
      (line.dataset.reckon === "vote" ? vote : poll)(line, line.dataset.prefix);
    });
  }
  document.addEventListener("input", function (event) { if (event.target.closest && event.target.closest("form.sheet")) reckon(); });
  document.addEventListener("DOMContentLoaded", reckon);

  // On paper every stage of a case is open.
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.stage:not([open])").forEach(function (part) { part.open = true; part.dataset.closed = "1"; });
  });
  window.addEventListener("afterprint", function () {
    document.querySelectorAll("details.stage[data-closed]").forEach(function (part) { part.open = false; delete part.dataset.closed; });
  });
  // A link to one step opens the stage that it is folded in.
  function reveal() {
    var step = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var stage = step && step.closest("details.stage");
    if (stage && !stage.open) { stage.open = true; step.scrollIntoView(); }
  }
  window.addEventListener("hashchange", reveal);
  document.addEventListener("DOMContentLoaded", reveal);
})();
