// A form says that it is working (the sign appears after 300 ms, by CSS) and cannot be sent twice.
(function () {
  "use strict";
  var root = document.documentElement;
  function done() { delete root.dataset.busy; }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.dataset.sending && form.method === "post") { event.preventDefault(); return; }
    form.dataset.sending = "1";
    root.dataset.busy = "1";
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href^='/']");
    var elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (link && !link.hasAttribute("download") && !link.target && !elsewhere) root.dataset.busy = "1";
  });
  window.addEventListener("pageshow", function () {
    done();
    document.querySelectorAll("form[data-sending]").forEach(function (form) { delete form.dataset.sending; });
  });
  document.addEventListener("htmx:afterSwap", done);
})();
