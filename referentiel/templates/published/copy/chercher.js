// Searches the words of one edition in the browser: no server, nothing sent. Reads the list made beside it.
(function () {
  "use strict";
  var form = document.getElementById("recherche");
  var list = document.getElementById("resultats");
  var told = document.getElementById("combien");
  var MOST = 50, AROUND = 90;

  function folded(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/’/g, "'");
  }
  function asked(text) {
    return folded(text).split(/[^a-z0-9\u00c0-\uffff]+/).filter(Boolean).map(function (word) {
      return word.length > 3 ? word.replace(/[sx]$/, "") : word;
    });
  }
  function begins(text, word) {
    var at = -1;
    while ((at = text.indexOf(word, at + 1)) >= 0) {
      if (at === 0 || !/[a-z0-9]/.test(text.charAt(at - 1))) { return at; }
    }
    return -1;
  }
  var entries = REFERENTIEL.map(function (entry) {
    return { entry: entry, code: folded(entry.c), title: folded(entry.t), words: folded(entry.w) };
  });
  function weight(one, words) {
    var sum = 0;
    for (var i = 0; i < words.length; i += 1) {
      var here = (one.code === words[i] ? 100 : 0) + (begins(one.title, words[i]) >= 0 ? 10 : 0) + (begins(one.words, words[i]) >= 0 ? 1 : 0);
      if (!here) { return 0; }
      sum += here;
    }
    return sum;
  }
  function passage(one, words) {
    var at = begins(one.words, words[0]), text = one.entry.w;
    if (at < 0) { at = 0; }
    var start = Math.max(0, at - AROUND), end = Math.min(text.length, at + AROUND);
    return (start ? "… " : "") + text.slice(start, end).replace(/\s+/g, " ") + (end < text.length ? " …" : "");
  }
  function show(text) {
    var words = asked(text);
    list.textContent = "";
    if (!words.length) { told.textContent = ""; return; }
    var found = entries.map(function (one) { return { one: one, weight: weight(one, words) }; })
      .filter(function (each) { return each.weight > 0; })
      .sort(function (a, b) { return b.weight - a.weight; });
    told.textContent = found.length === 0 ? "Aucun résultat. Essayez un autre mot." : found.length === 1 ? "1 résultat" : found.length + " résultats";
    found.slice(0, MOST).forEach(function (each) {
      var item = document.createElement("li"), link = document.createElement("a"), text = document.createElement("p");
      link.href = each.one.entry.a;
      link.textContent = (each.one.entry.c ? each.one.entry.c + " " : "") + each.one.entry.t;
      text.textContent = passage(each.one, words);
      item.appendChild(link);
      item.appendChild(text);
      list.appendChild(item);
    });
  }
  document.getElementById("sans-script").hidden = true;
  var given = new URLSearchParams(location.search).get("q") || "";
  form.elements.q.value = given;
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    history.replaceState(null, "", "?q=" + encodeURIComponent(form.elements.q.value));
    show(form.elements.q.value);
  });
  show(given);
}());
