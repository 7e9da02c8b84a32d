// Five buttons above a text area, from <template id="mise-en-forme">; Tab stops once, arrows move inside.

const write = (area, start, end, text, from, to) => {
  area.focus();
  area.setSelectionRange(start, end);
  // insertText keeps the browser's own undo.
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, end);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.setSelectionRange(start + from, start + to);
};

const around = (area, before, after) => {
  const { selectionStart: start, selectionEnd: end, value } = area;
  const text = value.slice(start, end);
  write(area, start, end, before + text + after, before.length, before.length + text.length);
};

const lines = (area, mark) => {
  const { value } = area;
  const start = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const stop = value.indexOf("\n", area.selectionEnd);
  const end = stop < 0 ? value.length : stop;
  const text = value
    .slice(start, end)
    .split("\n")
    .map((line, index) => mark(index) + line.replace(/^(#{1,6} |[-*] |\d+\. )/, ""))
    .join("\n");
  // A list begins after a blank line, or it is the end of the paragraph above.
  const gap = start > 0 && value.slice(0, start).match(/[^\n]\n$/) ? "\n" : "";
  write(area, start, end, gap + text, gap.length, gap.length + text.length);
};

const tools = {
  bold: (area) => around(area, "**", "**"),
  heading: (area) => lines(area, () => "### "),
  list: (area) => lines(area, () => "- "),
  numbers: (area) => lines(area, (index) => `${index + 1}. `),
  link: (area, button) => {
    const { selectionStart: start, selectionEnd: end, value } = area;
    const words = value.slice(start, end) || button.dataset.words;
    const from = words.length + 3;
    write(area, start, end, `[${words}](https://)`, from, from + 8);
  },
};

export const toolbars = (root) => {
  const model = root.getElementById("mise-en-forme");
  if (!model) return;
  for (const area of root.querySelectorAll("textarea[data-toolbar]")) {
    const bar = document.createElement("div");
    bar.className = "toolbar";
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", area.dataset.toolbar);
    bar.append(model.content.cloneNode(true));
    const buttons = [...bar.querySelectorAll("button")];
    const stop = (button) => buttons.forEach((one) => (one.tabIndex = one === button ? 0 : -1));
    stop(buttons[0]);
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      stop(button);
      tools[button.dataset.tool](area, button);
    });
    bar.addEventListener("keydown", (event) => {
      const step = document.dir === "rtl" ? -1 : 1;
      const at = buttons.indexOf(document.activeElement);
      const to = { ArrowRight: at + step, ArrowLeft: at - step, Home: 0, End: -1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const button = buttons[(to + buttons.length) % buttons.length];
      stop(button);
      button.focus();
    });
    area.before(bar);
  }
};
