"use strict";

// Everything works without this file. docs/decisions/0019 tells why it leaves as it does, and in which browsers.
(() => {
  const exit = document.getElementById("exit");
  const away = exit.href;
  const start = document.querySelector(".brand");
  const home = start.href;
  const name = start.textContent.trim();
  let gone = false;

  // The start takes the place of this page for Back. location.replace() would keep a line that nobody can delete.
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
    // Last: if leaving fails, the link still works.
    event.preventDefault();
  });

  // Three presses of Shift alone leave. A screen reader keeps the H of Shift+H, but something moves: then none counts.
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
  for (const kind of ["scroll", "focusin", "selectionchange", "pointerdown", "wheel", "blur", "pagehide"]) {
    addEventListener(kind, forget, { capture: true, passive: true });
  }

  // Who is open depends on the minute. A question does not, and an old page is better than none.
  const OLD = 15 * 60 * 1000;
  let hidden = 0;

  function renew() {
    if (gone || document.forms.length) return;
    fetch(location.href).then((answer) => answer.ok && answer.text()).then(update, () => {});
  }

  function update(html) {
    if (gone || !html) return;
    const page = new DOMParser().parseFromString(html, "text/html");
    const [main, fresh] = [document, page].map((each) => each.querySelector("main"));
    const [style, needed] = [document, page].map((each) => each.querySelector("style, link[rel=stylesheet]"));
    if (page.forms.length || !style.isEqualNode(needed)) return location.reload();

    const words = (fold) => fold.querySelector("summary").textContent;
    const folds = [...main.querySelectorAll("details")];
    for (const fold of fresh.querySelectorAll("details")) {
      const place = folds.findIndex((each) => words(each) === words(fold));
      if (place >= 0) fold.open = folds.splice(place, 1)[0].open;
    }

    const focused = document.activeElement;
    const alike = () => [...document.querySelectorAll(focused.nodeName)].filter((each) => each.isEqualNode(focused));
    const place = alike().indexOf(focused);
    change(main, fresh);
    if (document.activeElement !== focused && alike()[place]) alike()[place].focus();
  }

  // A screen reader stays where it is in all that has not changed.
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

  // The browser has kept the page in memory. After an exit it is blank.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (gone) location.replace(home);
    else renew();
  });

  // Firefox hides the address of a redirect from its history, but keeps it: so an answer leads straight to its page.
  addEventListener("submit", (event) => {
    const chosen = document.querySelector("input:checked");
    if (!chosen || !location.pathname.includes("/check/")) return;
    location.assign(location.pathname.replace(/\/?$/, "/") + chosen.value);
    event.preventDefault();
  });

  // Back to a question does not retell the answer.
  addEventListener("pagehide", () => {
    for (const form of document.forms) form.reset();
  });

  // Paper shows what waits behind a press.
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

  // Browsers let a page copy only where its own address is safe.
  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");
  for (const code of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
    const button = document.createElement("button");
    button.textContent = code.dataset.copy;
    button.addEventListener("click", () => {
      // For Ctrl+C, where copying is refused.
      getSelection().selectAllChildren(code);
      navigator.clipboard.writeText(code.textContent).then(() => {
        status.textContent = button.textContent = code.dataset.copied;
      }, () => {});
    });
    if (!status.isConnected) code.before(status);
    code.after(button);
  }
})();
