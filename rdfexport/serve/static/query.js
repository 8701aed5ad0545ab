"use strict";
// Puts the editor in the place of the plain form, which works without it.
(() => {
  const settings = JSON.parse(document.getElementById("settings").textContent);
  const plain = document.getElementById("plain");
  const place = document.getElementById("yasgui");
  const endpoint = new URL("sparql", document.baseURI).href;
  document.getElementById("endpoint").firstElementChild.textContent = endpoint;
  Yasgui.Yasqe.defaults.value = document.getElementById("text").value;
  // The others ask servers elsewhere.
  Yasgui.Yasqe.defaults.autocompleters = ["prefixes", "variables"];
  // Tab leads on, as everywhere; it would keep those within who have no mouse.
  Object.assign(Yasgui.Yasqe.defaults.extraKeys, { Tab: false, "Shift-Tab": false });
  Yasgui.Yasqe.defaults.editorHeight = "26rem";
  Yasgui.Yasr.defaults.prefixes = { figure: settings.figures };
  place.hidden = false;
  plain.hidden = true;
  const yasgui = new Yasgui(place, {
    requestConfig: { endpoint, method: "POST" },
    copyEndpointOnNewTab: true,
    autofocus: false,
    persistenceId: null,
    populateFromUrl: false,
  });
  window.yasgui = yasgui;
  // A figure's IRI leads to its page here, wherever the IRI itself would lead.
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("#yasgui a[href]");
      if (link !== null && link.href.startsWith(settings.figures)) {
        link.href = new URL("figures/" + link.href.slice(settings.figures.length), document.baseURI);
      }
    },
    true,
  );
})();
