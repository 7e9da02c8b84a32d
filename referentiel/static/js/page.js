// Courtesies of a reading page: each button is hidden until it can do what it says.

const show = (button) => {
  button.hidden = false;
  const tools = button.closest("[data-tools]");
  if (tools) tools.hidden = false;
};

for (const button of document.querySelectorAll("[data-print]")) {
  show(button);
  button.addEventListener("click", () => window.print());
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    show(button);
    const label = button.querySelector("span");
    const words = label.textContent;
    label.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
      label.textContent = button.dataset.done;
      setTimeout(() => (label.textContent = words), 4000);
    });
  }
}

const speech = window.speechSynthesis;
const language = document.documentElement.lang;
const voice = () => speech.getVoices().find((one) => one.lang.toLowerCase().startsWith(language));

// Reads line by line, to mark the one being read.
const listen = (button, text) => {
  let reading = false;
  const label = button.querySelector("span");
  const first = label.textContent;
  const lines = () => {
    const found = [...text.querySelectorAll("p, li, h1, h2, h3")];
    return found.length ? found.filter((one) => !one.querySelector("p, li") && !one.closest(".actions")) : [text];
  };
  const stop = () => {
    reading = false;
    speech.cancel();
    label.textContent = first;
    for (const one of [text, ...text.querySelectorAll(".read")]) one.classList.remove("read");
  };
  const next = (left) => {
    if (!reading || !left.length) return stop();
    const [line, ...rest] = left;
    const words = new SpeechSynthesisUtterance(line.textContent.trim());
    words.lang = language;
    words.voice = voice();
    words.rate = 0.9;
    words.onend = words.onerror = () => {
      line.classList.remove("read");
      next(rest);
    };
    line.classList.add("read");
    speech.speak(words);
  };
  button.addEventListener("click", () => {
    if (reading) return stop();
    reading = true;
    label.textContent = button.dataset.stop;
    next(lines());
  });
  addEventListener("pagehide", stop);
};

const offer = () => {
  if (!voice()) return;
  speech.onvoiceschanged = null;
  for (const button of document.querySelectorAll("[data-listen]")) {
    const text = document.querySelector(button.dataset.listen);
    if (!text) continue;
    listen(button, text);
    show(button);
  }
};
if (speech) {
  speech.onvoiceschanged = offer;
  offer();
}
