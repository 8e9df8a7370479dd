(function () {
  "use strict";
  var box = document.getElementById("search");
  if (!box) { return; }
  var filters = Array.prototype.slice.call(document.querySelectorAll("select[data-filter]"));
  var items = Array.prototype.slice.call(document.querySelectorAll("[data-item]"));
  var groups = Array.prototype.slice.call(document.querySelectorAll("[data-group]"));
  var said = document.getElementById("hits");
  var texts = null;
  function fold(text) { return text.toLowerCase().replace(/\s+/g, " ").trim(); }
  function apply() {
    var wanted = fold(box.value);
    if (wanted && !texts) { texts = items.map(function (item) { return fold(item.textContent); }); }
    var shown = 0;
    items.forEach(function (item, index) {
      var good = filters.every(function (filter) {
        if (!filter.value) { return true; }
        var has = item.getAttribute("data-" + filter.getAttribute("data-filter"));
        return has === null ? false : has === filter.value;
      });
      if (good && wanted) { good = texts[index].indexOf(wanted) >= 0; }
      item.hidden = !good;
      if (good) { shown += 1; }
    });
    groups.forEach(function (group) {
      var any = group.querySelector("[data-item]:not([hidden])");
      group.hidden = !any && (wanted !== "" || filters.some(function (f) { return f.value; }));
    });
    said.textContent = said.getAttribute("data-words").replace("{n}", shown).replace("{of}", items.length);
  }
  var waiting = 0;
  box.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(apply, 120); });
  filters.forEach(function (filter) { filter.addEventListener("change", apply); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && document.activeElement !== box) { event.preventDefault(); box.focus(); }
    if (event.key === "Escape" && document.activeElement === box) { box.value = ""; apply(); }
  });
  apply();
})();
