// Live arithmetic of votes and polls; the server judges the same figures when they are sent.
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
  function vote(line, prefix) {
    var eligible = number(prefix, "eligible"), present = number(prefix, "present"), yes = number(prefix, "for");
    var written = number(prefix, "written_for") || 0;
    var cast = (yes || 0) + (number(prefix, "against") || 0) + (number(prefix, "abstain") || 0);
    if (present !== null && cast > present) add(line, "到会票数 " + cast + " 多于实到 " + present + " ✗", false);
    if (eligible !== null && present !== null && present + written > eligible) {
      add(line, "实到与书面意见 " + (present + written) + " 多于应到 " + eligible + " ✗", false);
    }
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
})();
