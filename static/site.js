"use strict";

// Everything works without this file. It takes a visitor away at once, on "Exit this page" or when
// Shift is pressed three times alone, moves focus to an error, renews a page that has grown old, and
// copies code for those who link here.
(() => {
  const exit = document.getElementById("exit");
  const WAIT = 5000;
  let gone = false;
  let alone = false;
  let presses = 0;
  let timer;

  function leave() {
    gone = true;
    document.body.replaceChildren();
    document.title = exit.dataset.leaving;
    // Replaces this page in the tab's history: Back does not lead to it again.
    location.replace(exit.href);
  }

  function spoken(text, role) {
    const line = document.createElement("p");
    line.className = "unseen";
    if (role) line.setAttribute("role", role);
    line.textContent = text;
    exit.after(line);
    return line;
  }

  const status = spoken("", "status");
  const hint = spoken(exit.dataset.hint);
  hint.id = "exit-hint";
  exit.setAttribute("aria-describedby", hint.id);

  function forget() {
    clearTimeout(timer);
    alone = false;
    presses = 0;
    status.textContent = "";
  }

  exit.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });

  // A press counts when Shift goes up again and nothing else was pressed in between.
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey) forget();
    else if (!event.repeat) alone = true;
  });
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift") return forget();
    if (!alone) return;
    alone = false;
    clearTimeout(timer);
    presses += 1;
    if (presses === 3) return leave();
    status.textContent = presses === 1 ? exit.dataset.two : exit.dataset.one;
    timer = setTimeout(forget, WAIT);
  });
  for (const kind of ["pointerdown", "wheel", "blur"]) addEventListener(kind, forget, { passive: true });

  // Who is open depends on the minute. A question does not, and an answer may be half given; and
  // without a line, or with a site that is down, the old page is better than none.
  const OLD = 15 * 60 * 1000;
  let hidden = 0;

  function renew() {
    if (gone || document.forms.length) return;
    fetch(location.href).then((answer) => answer.ok && !gone && location.reload(), () => {});
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) hidden = Date.now();
    else if (hidden && Date.now() - hidden >= OLD) renew();
  });

  // A page kept in memory comes back: after an exit it leaves again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) gone ? leave() : renew();
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

  document.getElementById("error")?.focus();

  // Browsers let a page copy only where its own address is safe, so the button may have nothing to do.
  for (const code of navigator.clipboard ? document.querySelectorAll("[data-copy]") : []) {
    const button = document.createElement("button");
    button.textContent = code.dataset.copy;
    const done = () => {
      status.textContent = button.textContent = code.dataset.copied;
    };
    button.addEventListener("click", () => {
      // Where copying is refused, Ctrl+C still works.
      getSelection().selectAllChildren(code);
      navigator.clipboard.writeText(code.textContent).then(done, () => {});
    });
    code.after(button);
  }
})();
