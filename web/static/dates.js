// A date field takes a day that is pasted as people write it: 20261120, 2026.11.20, 2026年11月20日. Typed, its parts go on by themselves.
document.addEventListener("paste", function (event) {
  "use strict";
  var field = event.target;
  if (!field.matches || !field.matches('input[type="date"]') || field.readOnly || field.disabled) return;
  var text = (event.clipboardData.getData("text") || "").normalize("NFKC").trim();
  var found = /^(\d{4})\D{0,3}(\d{1,2})\D{0,3}(\d{1,2})\D{0,3}$/.exec(text);
  var written = found ? [found[1], found[2].padStart(2, "0"), found[3].padStart(2, "0")].join("-") : "";
  var day = new Date(written + "T00:00:00Z");
  if (!written || isNaN(day) || day.toISOString().slice(0, 10) !== written) return;
  event.preventDefault();
  field.value = written;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
