// What is asked of every page once it is open in a browser, as expressions that the browser evaluates.

/**
 * Pairs of texts that share more than a hair, in charts and around them. A turned text has the box of its turned shape; of a table
 * that scrolls, only what is seen counts.
 */
export const OVERLAPPING_TEXTS = `(() => {
  const boxes = [];
  const add = (said, element, box) => {
    const frame = element.closest(".scroll")?.getBoundingClientRect();
    const [left, right] = [Math.max(box.left, frame?.left ?? -1e6), Math.min(box.right, frame?.right ?? 1e6)];
    if (said.trim() !== "" && right > left && box.height > 0) boxes.push({ said, left, right, top: box.top, bottom: box.bottom });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node.parentElement.closest("svg") !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) add(node.textContent, node.parentElement, box);
  }
  for (const text of document.querySelectorAll("svg.chart text")) add(text.textContent, text, text.getBoundingClientRect());
  boxes.sort((a, b) => a.top - b.top);
  return boxes.flatMap((a, index) => {
    const found = [];
    for (let next = index + 1; next < boxes.length && boxes[next].top < a.bottom; next++) {
      const b = boxes[next];
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - b.top > 3) {
        found.push(a.said.slice(0, 60) + " / " + b.said.slice(0, 60));
      }
    }
    return found;
  });
})()`;

/** Texts that reach out of their chart, where a saved picture would cut them, and boxes that hide a part of what is in them. */
export const CUT_TEXTS = `[
  ...[...document.querySelectorAll("svg.chart")].flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].filter((text) => {
      const box = text.getBoundingClientRect();
      return box.width > 0 && (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2);
    }).map((text) => text.textContent + " in " + svg.getAttribute("aria-label").slice(0, 60));
  }),
  ...[...document.querySelectorAll("body *:not(.scroll)")].filter((element) =>
    element.closest("svg") === null && getComputedStyle(element).display !== "inline" && element.clientWidth > 0 &&
    element.closest("details:not([open])") === null && element.scrollWidth > element.clientWidth + 1 && !element.querySelector(".scroll")
  ).map((element) => element.tagName + " " + element.textContent.trim().slice(0, 60)),
]`;

/** Pictures that are no well-formed XML, or need a namespace that they do not name. */
export const BROKEN_PICTURES = `[...document.querySelectorAll('a[download$=".svg"]')].flatMap((link) => {
  const text = decodeURIComponent(link.getAttribute("href").replace(/^[^,]*,/, ""));
  const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  const broken = root.querySelector("parsererror")?.textContent ?? (root.namespaceURI === "http://www.w3.org/2000/svg" ? null : "no svg");
  return broken === null ? [] : [link.getAttribute("download") + ": " + broken.slice(0, 120)];
})`;

/** Texts whose colour has too little contrast with the nearest painted ground behind them (WCAG 2.2, 1.4.3). */
export const LOW_CONTRAST = `(() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
  const groundOf = (element) => {
    for (let one = element; one !== null; one = one.parentElement) {
      const color = numbers(getComputedStyle(one).backgroundColor);
      if ((color[3] ?? 1) > 0.99) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== "");
    if (!own || element.getBoundingClientRect().width === 0) continue;
    const style = getComputedStyle(element);
    const color = element.closest("svg") === null ? style.color : style.fill;
    const [a, b] = [light(numbers(color)), light(groundOf(element))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) found.push(contrast.toFixed(2) + " " + element.textContent.trim().slice(0, 40));
  }
  return found;
})()`;
