// After a refused form its summary gets the focus, so that it is read first; what has to be scrolled can be reached by Tab; the
// current section of a phone's strip is in sight. What is too long, and a file that is too large, is said at once.
(function () {
  "use strict";
  function ready(scope) {
    var problem = scope.querySelector("[data-problem]");
    if (problem) problem.focus();
    scope.querySelectorAll(".scroll").forEach(function (part) { if (part.scrollWidth > part.clientWidth) part.tabIndex = 0; });
  }
  document.addEventListener("DOMContentLoaded", function () { ready(document); });
  document.addEventListener("htmx:afterSwap", function (event) { ready(event.target); });

  function said(field, text, wrong) {
    var line = field.parentNode.querySelector("[data-said]");
    if (!line) {
      line = document.createElement("span");
      line.dataset.said = "";
      line.setAttribute("role", "status");
      field.after(line);
    }
    line.textContent = text;
    line.className = wrong ? "wrong" : "small quiet";
  }
  document.addEventListener("input", function (event) {
    var longest = Number(event.target.dataset.longest), length = event.target.value.length;
    if (!longest) return;
    var over = length > longest ? "超过 " + (length - longest) + " 字，请删减或者放进附件。" : "";
    said(event.target, length > longest * 0.8 ? "已写 " + length + " 字，最多 " + longest + " 字。" + over : "", over);
  });
  document.addEventListener("change", function (event) {
    var largest = Number(event.target.dataset.largest);
    if (!largest) return;
    var over = Array.from(event.target.files).filter(function (file) { return file.size > largest * 1048576; });
    var names = over.map(function (file) { return "“" + file.name + "”"; }).join("、");
    said(event.target, over.length ? names + "超过 " + largest + " MB，不能上传。请压缩或者分成几个文件，重新选择。" : "", true);
  });

  document.addEventListener("DOMContentLoaded", function () {
    var current = document.querySelector(".rail a[aria-current]");
    if (!current) return;
    current.parentNode.scrollLeft = current.offsetLeft + current.offsetWidth - current.parentNode.clientWidth;
  });
})();
