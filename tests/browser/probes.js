// What the tests measure on a page. The probes change nothing, except that `target` scrolls.
window.probe = (() => {
  "use strict";

  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";

  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  /** The element in words, to name it in a failure. */
  const named = (element) => {
    const words = (element.innerText || element.value || element.id || "").trim().replace(/\s+/g, " ");
    return `<${element.tagName.toLowerCase()}${element.className ? "." + element.classList[0] : ""}> ${words.slice(0, 60)}`;
  };

  /** Whether the element takes part in what is seen: not hidden, not made for screen readers alone, not above the page. */
  const seen = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true, opacityProperty: true })) return false;
    if (element.closest(".unseen")) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.bottom + scrollY > 0;
  };

  /** Every text that is seen, as [its element, its boxes]. */
  function* texts() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.data.trim() || !seen(node.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      yield [node.parentElement, [...range.getClientRects()].filter((box) => box.width > 1)];
    }
  }

  /** What sticks out at the side, or makes the page scroll sideways. */
  function sideways() {
    const page = document.scrollingElement;
    const wide = page.scrollWidth > page.clientWidth ? [`the page is ${page.scrollWidth} wide in ${page.clientWidth}`] : [];
    const out = all("body *").filter(seen).filter((element) => {
      const box = element.getBoundingClientRect();
      return box.right > page.clientWidth + 1 || box.left < -1;
    });
    return [...wide, ...out.map(named)];
  }

  /** Texts of which a part is cut off by a box around them, or spills out of the box that they are painted in. */
  function clipped() {
    const found = new Set();
    for (const [element, boxes] of texts()) {
      for (let around = element; around && around !== document.body; around = around.parentElement) {
        const style = getComputedStyle(around);
        if (style.display.startsWith("inline") && style.display === "inline") continue;
        const cuts = style.overflowX !== "visible" || style.overflowY !== "visible" || style.clipPath !== "none";
        const painted = style.backgroundColor !== "rgba(0, 0, 0, 0)" || parseFloat(style.borderTopWidth) > 0;
        if (!cuts && !painted) continue;
        const limit = around.getBoundingClientRect();
        // Ink may stand a little above or below its line without touching another.
        const spills = (box) =>
          box.left < limit.left - 1 || box.right > limit.right + 1 || box.top < limit.top - 4 || box.bottom > limit.bottom + 4;
        if (boxes.some(spills)) found.add(`${named(element)} in ${named(around)}`);
      }
    }
    return [...found];
  }

  /** Texts that are painted over each other. */
  function overlapping() {
    const main = [...texts()].filter(([element]) => element.closest("main, footer"));
    const lines = main.flatMap(([element, boxes]) => boxes.map((box) => [element, box]));
    lines.sort((a, b) => a[1].top - b[1].top);
    const found = new Set();
    for (let i = 0; i < lines.length; i += 1) {
      const [one, a] = lines[i];
      for (let j = i + 1; j < lines.length && lines[j][1].top < a.bottom - 6; j += 1) {
        const [other, b] = lines[j];
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2) found.add(`${named(one)} / ${named(other)}`);
      }
    }
    return [...found];
  }

  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);

  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  /** The colour behind an element's text. No ground of ours lets another shine through. */
  const ground = (element) => {
    for (let around = element; around; around = around.parentElement) {
      const [r, g, b, alpha = 1] = numbers(getComputedStyle(around).backgroundColor);
      if (alpha === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };

  /** Texts of less contrast than this with what is behind them. */
  function pale(least) {
    const found = new Set();
    for (const [element] of texts()) {
      const [r, g, b] = numbers(getComputedStyle(element).color);
      const contrast = ratio([r, g, b], ground(element));
      if (contrast < least) found.add(`${named(element)}: ${contrast.toFixed(2)}`);
    }
    return [...found];
  }

  const BLOCKS = ".go, .exit, .card, .notice, .emergency, .error, .answer label";

  /** Edges of what is pressed or stands out that have less contrast than this with what is around them. */
  function faint(least) {
    const found = [];
    for (const block of all(BLOCKS).filter(seen)) {
      const style = getComputedStyle(block);
      const edge = [style.borderTopColor, style.backgroundColor].map(numbers).filter(([, , , alpha = 1]) => alpha === 1);
      const best = Math.max(0, ...edge.map((colour) => ratio(colour.slice(0, 3), ground(block.parentElement))));
      if (best < least) found.push(`${named(block)}: ${best.toFixed(2)}`);
    }
    return found;
  }

  /** What is pressed or stands out, and has no edge that is drawn. */
  function unedged() {
    return all(BLOCKS).filter(seen).filter((block) => {
      const style = getComputedStyle(block);
      const [, , , alpha = 1] = numbers(style.borderTopColor);
      return parseFloat(style.borderTopWidth) < 1 || alpha === 0;
    }).map(named);
  }

  /** What a press at this point would work: the control there, or the one whose label is there. */
  const pressed = (x, y) => {
    const there = document.elementFromPoint(x, y);
    return there?.closest("label")?.control ?? there?.closest(CONTROLS) ?? null;
  };

  /** Whether a link stands in a sentence, where its size follows from the line's (2.5.5, "inline"). */
  const inSentence = (element) => {
    const style = getComputedStyle(element);
    return style.display === "inline" && named(element.parentElement) !== named(element) &&
      element.parentElement.innerText.trim().length > element.innerText.trim().length + 3;
  };

  /** Controls whose pressable area is smaller than this, in CSS pixels, either way. */
  function small(least) {
    const found = [];
    for (const control of all(CONTROLS).filter(seen)) {
      if (control.matches("[tabindex='-1']") || inSentence(control)) continue;
      control.scrollIntoView({ block: "center", behavior: "instant" });
      const box = control.getClientRects()[0];
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const reach = (dx, dy) => {
        let steps = 0;
        while (steps < least && pressed(x + dx * (steps + 1), y + dy * (steps + 1)) === control) steps += 1;
        return steps;
      };
      const [wide, high] = [reach(1, 0) + reach(-1, 0) + 1, reach(0, 1) + reach(0, -1) + 1];
      if (wide < least || high < least) found.push(`${named(control)}: ${wide} by ${high}`);
    }
    scrollTo(0, 0);
    return found;
  }

  /** What has focus: its name, its kind, and which of its corners nobody can see. */
  function focused() {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const hidden = [];
    for (const box of element.getClientRects()) {
      for (const [x, y] of [
        [box.left + 3, box.top + 3], [box.right - 3, box.top + 3],
        [box.left + 3, box.bottom - 3], [box.right - 3, box.bottom - 3],
        [(box.left + box.right) / 2, (box.top + box.bottom) / 2],
      ]) {
        const there = document.elementFromPoint(x, y);
        const own = there && (element.contains(there) || there.contains(element) || pressed(x, y) === element);
        if (!own) hidden.push(`${Math.round(x)},${Math.round(y)}: ${there ? named(there) : "out of view"}`);
      }
    }
    const boxes = [...element.getClientRects()].map((box) => [box.left, box.top, box.right, box.bottom]);
    const inside = ["header", "main", "footer"].find((place) => element.closest(place));
    const order = all(CONTROLS).indexOf(element);
    return { name: named(element), look: `${inside} ${element.tagName} ${element.className}`, order, hidden, boxes };
  }

  /** Every control that the Tab key should reach, in the order of the page; radio buttons are one. */
  function tabbable() {
    const groups = new Set();
    return all(CONTROLS).filter((element) => {
      if (element.matches("[tabindex='-1']") || !element.checkVisibility({ contentVisibilityAuto: true })) return false;
      if (element.type !== "radio") return true;
      return !groups.has(element.name) && groups.add(element.name);
    }).map((element) => all(CONTROLS).indexOf(element));
  }

  /** What would show things in another order than they are read in, or move. */
  function disordered() {
    const found = [];
    for (const element of all("body *")) {
      const style = getComputedStyle(element);
      if (style.order !== "0" || style.float !== "none" || /reverse|dense/.test(style.flexDirection + style.flexWrap + style.gridAutoFlow))
        found.push(named(element));
      if (element.tabIndex > 0) found.push(`tabindex: ${named(element)}`);
    }
    for (const list of [document.body, document.querySelector("main")]) {
      const tops = [...list.children].filter(seen).map((each) => each.getBoundingClientRect().top);
      if (tops.some((top, i) => i > 0 && top < tops[i - 1])) found.push(`the children of ${named(list)}`);
    }
    return found;
  }

  /** What moves, or could. */
  function moving() {
    const still = (style) =>
      style.animationName === "none" && /^(0s(, )?)+$/.test(style.transitionDuration) && style.scrollBehavior === "auto";
    return all("*").filter((element) => !still(getComputedStyle(element))).map(named);
  }

  return { sideways, clipped, overlapping, pale, faint, unedged, small, focused, tabbable, disordered, moving, luminance, ratio };
})();
