"use strict";

// Everything works without this file. It takes a visitor away at once, on "Exit this page" or when Shift
// is pressed three times alone, moves focus to an error, brings a page that has grown old up to date, and
// copies code for those who link here. It uses nothing that a browser of 2018 lacks, or asks first.
(() => {
  const exit = document.getElementById("exit");
  const away = exit.href;
  const start = document.querySelector(".brand");
  const home = start.href;
  const name = start.textContent.trim();
  let gone = false;

  // The start takes this page's place in the tab, so Back never shows it. Not by location.replace(): with it
  // Chromium keeps the page that was left where nobody can see or delete it (docs/decisions/0019).
  function leave() {
    gone = true;
    try {
      document.body.textContent = "";
      history.replaceState(null, "", home);
      document.title = name;
    } finally {
      location.assign(away);
    }
  }

  exit.title = exit.dataset.hint;
  exit.addEventListener("click", (event) => {
    leave();
    // Last, so that the link still works should leaving fail.
    event.preventDefault();
  });

  // A press of Shift counts when nothing else happens while it is down, and three within this time leave.
  // A screen reader keeps the letter of a command such as Shift+H, so that the page sees Shift alone. But
  // the command moves the text, the focus or the selection, and then no press counts that came before.
  const TIME = 2000;
  let alone = false;
  let last = -TIME;
  let lastButOne = -TIME;

  function forget() {
    alone = false;
    last = lastButOne = -TIME;
  }

  addEventListener("keydown", (event) => {
    if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey) forget();
    else if (!event.repeat) alone = true;
  });
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift") return forget();
    if (!alone) return;
    if (event.timeStamp - lastButOne < TIME) return leave();
    alone = false;
    lastButOne = last;
    last = event.timeStamp;
  });
  // On the way down: some of these events do not bubble.
  for (const kind of ["scroll", "focusin", "selectionchange", "pointerdown", "wheel", "blur", "pagehide"]) {
    addEventListener(kind, forget, { capture: true, passive: true });
  }

  // Who is open depends on the minute. A question does not, and an answer may be half given; and
  // without a line, or with a site that is down, the old page is better than none.
  const OLD = 15 * 60 * 1000;
  let hidden = 0;

  function renew() {
    if (gone || document.forms.length) return;
    fetch(location.href).then((answer) => answer.ok && answer.text()).then(update, () => {});
  }

  function update(html) {
    if (gone || !html) return;
    const page = new DOMParser().parseFromString(html, "text/html");
    const fresh = page.getElementById("main");
    const main = document.getElementById("main");
    const look = (any) => any.querySelector("style, link[rel=stylesheet]").outerHTML;
    // Another page by now, or one that needs another style.
    if (!fresh || page.forms.length || look(page) !== look(document)) return location.reload();

    const folds = (part) => [...part.querySelectorAll("details")];
    const words = (fold) => fold.querySelector("summary").textContent;
    const before = folds(main);
    for (const fold of folds(fresh)) {
      const place = before.findIndex((each) => words(each) === words(fold));
      if (place >= 0) fold.open = before.splice(place, 1)[0].open;
    }

    const focused = document.activeElement;
    const alike = () => [...document.querySelectorAll(focused.nodeName)].filter((each) => each.isEqualNode(focused));
    const place = alike().indexOf(focused);
    change(main, fresh);
    if (document.activeElement !== focused && alike()[place]) alike()[place].focus();
  }

  // Changes only what differs, so that focus and a screen reader stay where they are in the rest.
  function change(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    const parts = [...old.childNodes];
    const freshParts = [...fresh.childNodes];
    const alike = parts.length === freshParts.length && old.cloneNode().isEqualNode(fresh.cloneNode());
    if (alike) parts.forEach((part, place) => change(part, freshParts[place]));
    else old.replaceWith(fresh);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hidden = Date.now();
    else if (hidden && Date.now() - hidden >= OLD) renew();
  });

  // A page that the browser kept in memory comes back. After an exit it is blank, and the start is shown.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (gone) location.replace(home);
    else renew();
  });

  // An answer leads straight to its page. The form would be sent on from an address that tells the answer, and
  // Firefox keeps such an address where its list of history does not show it.
  addEventListener("submit", (event) => {
    const chosen = document.querySelector("input:checked");
    if (!chosen || !location.pathname.includes("/check/")) return;
    location.assign(location.pathname.replace(/\/?$/, "/") + chosen.value);
    event.preventDefault();
  });

  // Back to a question does not retell the answer: a browser that keeps the page would show it chosen.
  addEventListener("pagehide", () => {
    for (const form of document.forms) form.reset();
  });

  // Paper shows what waits behind a press, also where a style cannot open it.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const each of opened) each.open = true;
  });
  addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
  });

  const error = document.getElementById("error");
  if (error) error.focus();

  // Browsers let a page copy only where its own address is safe, so the button may have nothing to do.
  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");
  for (const code of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
    const button = document.createElement("button");
    button.textContent = code.dataset.copy;
    button.addEventListener("click", () => {
      // Where copying is refused, Ctrl+C still works.
      getSelection().selectAllChildren(code);
      navigator.clipboard.writeText(code.textContent).then(() => {
        status.textContent = button.textContent = code.dataset.copied;
      }, () => {});
    });
    if (!status.isConnected) code.before(status);
    code.after(button);
  }
})();
