// Live arithmetic: each facet says in the page what is added up and held against what (dangwu.Reckoning); the server judges the
// same figures when they are sent.
(function () {
  "use strict";
  var rolled = {};
  // The figures of a meeting: as they were typed, else by the roll: who is marked, and the rest where all of them were there.
  function ofRoll(name) {
    var roll = document.querySelector("[data-entitled]"), typed = plain(document.getElementsByName(name)[0]);
    if (typed !== null || !roll) return typed;
    var all = Number(roll.dataset.entitled);
    if (name === "eligible") return all;
    var marked = roll.querySelectorAll("input[type=radio]:checked");
    var there = roll.querySelectorAll("input[type=radio][value=present]:checked").length;
    var rest = document.querySelector("input[name=rest]:checked");
    return rest ? there + all - marked.length : marked.length === all ? there : null;
  }
  function number(prefix, name) {
    var box = document.getElementsByName(prefix + "." + name)[0];
    return box || !rolled[name] ? plain(box) : ofRoll(rolled[name]);
  }
  function plain(box) {
    if (!box || box.value.trim() === "") return null;
    var text = box.value.trim().replace(/[０-９]/g, function (digit) { return String.fromCharCode(digit.charCodeAt(0) - 65248); });
    return /^\d{1,6}$/.test(text) ? Number(text) : null;
  }
  // A share is written ">1/2" or ">=2/3".
  function share(text) {
    var found = /^(>=?)(\d+)\/(\d+)$/.exec(text || "");
    if (!found) return null;
    return { strict: found[1] === ">", part: Number(found[2]), of: Number(found[3]), text: found[2] + "/" + found[3] };
  }
  function words(one) { return one.part === 1 && one.of === 2 ? "一半" : one.text; }
  function say(line, what, value, base, whole, text) {
    var one = share(text);
    if (!one || value === null || !whole) return;
    var left = value * one.of, right = whole * one.part;
    var ok = one.strict ? left > right : left >= right;
    var sign = left > right ? " ＞ " : left === right ? " ＝ " : " ＜ ";
    var verdict = ok ? " ✓" : one.strict && left === right ? " ✗ 须超过" : " ✗";
    add(line, what + " " + value + sign + base + " " + whole + " 的" + words(one) + verdict, ok);
  }
  function add(line, text, ok) {
    var part = document.createElement("span");
    part.className = ok ? "ok" : "no";
    part.textContent = text;
    line.appendChild(part);
  }
  // The sum of the fields, null while the first is empty.
  function sum(prefix, names) {
    var first = number(prefix, names[0]);
    return first === null ? null : names.slice(1).reduce(function (all, name) { return all + (number(prefix, name) || 0); }, first);
  }
  function typed(prefix, names) {
    return names.reduce(function (found, name) { return found === null ? number(prefix, name) : found; }, null);
  }
  function judge(line, prefix, one) {
    var value = sum(prefix, one.parts), whole = typed(prefix, one.whole);
    if (one.share) say(line, one.said, value, one.base, whole, one.share);
    else if (value !== null && whole !== null && value > whole) {
      add(line, one.said + " " + value + " 多于" + one.base + " " + whole + " ✗", false);
    }
  }
  function reckon() {
    document.querySelectorAll("[data-reckon]").forEach(function (line) {
      line.textContent = "";
      rolled = JSON.parse(line.dataset.rolled);
      JSON.parse(line.dataset.reckon).forEach(function (one) { judge(line, line.dataset.prefix, one); });
    });
  }
  document.addEventListener("input", function (event) { if (event.target.closest && event.target.closest("form.sheet")) reckon(); });
  document.addEventListener("DOMContentLoaded", reckon);
})();
