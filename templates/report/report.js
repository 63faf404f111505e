// Search, filter by board and the source of a figure. The page is complete without it.
(function () {
  "use strict";
  var one = function (selector, within) { return (within || document).querySelector(selector); };
  var all = function (selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  };
  var bar = one("#verktyg"), words = bar.dataset, field = one("#sok"), choice = one("#namndval");
  var plain = function (text) { return text.toLocaleLowerCase("sv").replace(/\s+/g, " ").trim(); };
  bar.hidden = false;

  // --- search and filter ------------------------------------------------------------------------
  var chapters = all("main > section.chapter");
  var items = [];
  chapters.forEach(function (chapter) {
    all("tbody tr, p, li, figure.chart", chapter).forEach(function (node) {
      var row = node.tagName === "TR";
      var told = row ? all("th, td", node).map(function (c) { return c.textContent; }).join(" ") : node.textContent;
      items.push({ node: node, text: plain(told), row: row });
    });
  });
  var names = all("option", choice).map(function (option) { return option.value; }).filter(Boolean);
  var lower = names.map(plain);
  var speaksOfBoards = new Map();
  all("main table").forEach(function (table) {
    var told = plain(table.tBodies[0].textContent);
    speaksOfBoards.set(table, lower.some(function (name) { return told.indexOf(name) >= 0; }));
  });

  function fits(item, sought, board) {
    if (sought && item.text.indexOf(sought) < 0) { return false; }
    if (!board || !item.row || !speaksOfBoards.get(item.node.closest("table"))) { return true; }
    return item.text.indexOf(board) >= 0;
  }

  function otherBoard(part, board) {
    var title = one("h3", part);
    var name = title ? plain(title.textContent) : "";
    return Boolean(board) && lower.indexOf(name) >= 0 && name !== board;
  }

  function mark(sought) {
    if (!window.CSS || !CSS.highlights || !window.Highlight) { return; }
    CSS.highlights.delete("sok");
    if (!sought) { return; }
    var found = [];
    var walker = document.createTreeWalker(one("main"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      var text = walker.currentNode.data.toLocaleLowerCase("sv"), at = text.indexOf(sought);
      while (at >= 0) {
        var range = new Range();
        range.setStart(walker.currentNode, at);
        range.setEnd(walker.currentNode, at + sought.length);
        found.push(range);
        at = text.indexOf(sought, at + sought.length);
      }
    }
    CSS.highlights.set("sok", new (Function.prototype.bind.apply(Highlight, [null].concat(found)))());
  }

  function sift() {
    var sought = plain(field.value), board = plain(choice.value), hits = 0;
    var active = sought || board;
    items.forEach(function (item) {
      var shown = fits(item, sought, board);
      item.node.classList.toggle("gone", !shown);
      if (shown && sought) { hits += 1; }
    });
    all("main section.part").forEach(function (part) {
      var empty = sought && !one("tbody tr:not(.gone), p:not(.gone), li:not(.gone), figure:not(.gone)", part);
      part.classList.toggle("gone", Boolean(empty) || otherBoard(part, board));
    });
    all("main .frame").forEach(function (frame) {
      frame.classList.toggle("gone", Boolean(active) && !one("tbody tr:not(.gone)", frame));
    });
    chapters.forEach(function (chapter) {
      var shown = all("tbody tr:not(.gone), p:not(.gone), li:not(.gone), figure:not(.gone)", chapter);
      var visible = shown.some(function (node) { return !node.closest(".part.gone, .frame.gone"); });
      chapter.classList.toggle("gone", Boolean(active) && !visible);
    });
    mark(sought);
    one("#traffar").textContent = sought ? words.hits.replace("{n}", hits) : "";
    one("#visaallt").hidden = !active;
  }
  var waiting;
  field.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(sift, 150); });
  choice.addEventListener("change", sift);
  one("#visaallt").addEventListener("click", function () {
    field.value = ""; choice.value = ""; sift(); field.focus();
  });

  // --- the source of a figure -------------------------------------------------------------------
  var box = one("#kalla"), body = one("#kalla-text");
  if (!box || typeof box.showModal !== "function") { return; }

  function checks(target) {
    var told = document.createElement("ul"), heads = all("thead th", target.closest("table"));
    all("td", target).forEach(function (td, index) {
      if (!td.textContent.trim()) { return; }
      var line = document.createElement("li");
      line.textContent = heads[index + 1].textContent + ": " + td.textContent.trim();
      told.append(line);
    });
    return told;
  }

  function list(row) {
    var heads = all("thead th", row.closest("table")), told = document.createElement("dl");
    all("th, td", row).forEach(function (cell, index) {
      if (!cell.textContent.trim()) { return; }
      var name = document.createElement("dt"), value = document.createElement("dd");
      name.textContent = heads[index].textContent;
      var check = one("a[data-kontroll]", cell);
      var target = check && document.getElementById(check.hash.slice(1));
      value.textContent = cell.textContent.trim();
      told.append(name, value);
      if (target) { value.append(checks(target)); }
    });
    return told;
  }

  function open(link) {
    var first = document.getElementById(link.hash.slice(1));
    if (!first) { return false; }
    var rows = (link.dataset.uppgift || "").split(" ").map(function (id) {
      return document.getElementById(id);
    }).filter(function (row) { return row && row !== first; });
    body.replaceChildren(list(first));
    if (rows.length) {
      var title = document.createElement("h3");
      title.textContent = words.from.replace("{n}", rows.length);
      body.append(title);
      rows.forEach(function (row) { body.append(list(row)); });
    }
    box.showModal();
    box.scrollTop = 0;
    return true;
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a.figure, a.origin");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && open(link)) {
      event.preventDefault();
    }
    if (event.target === box) { box.close(); }
  });
  one("#kalla-stang").addEventListener("click", function () { box.close(); });
}());
