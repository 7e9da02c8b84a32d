// button[data-preview="#apercu"] sends its form as it would without script, and takes that part of the answer.
// The browser itself reads the answer as a document: no text becomes markup here.

const ask = (form, button) =>
  new Promise((resolve, reject) => {
    const data = new FormData(form);
    if (button.name) data.append(button.name, button.value);
    const request = new XMLHttpRequest();
    request.open("POST", button.getAttribute("formaction") || form.getAttribute("action") || "");
    request.responseType = "document";
    request.onload = () => (request.response ? resolve(request.response) : reject(request.status));
    request.onerror = reject;
    request.send(data);
  });

export const previews = (root) => {
  for (const button of root.querySelectorAll("button[data-preview]")) {
    button.addEventListener("click", async (event) => {
      const place = document.querySelector(button.dataset.preview);
      if (!place || button.dataset.plain) return;
      event.preventDefault();
      button.setAttribute("aria-busy", "true");
      try {
        const page = await ask(button.form, button);
        // A page with errors is shown whole: the list of errors is not in this part.
        const part = page.querySelector(page.getElementById("erreurs") ? "none" : button.dataset.preview);
        place.replaceChildren(...document.adoptNode(part).childNodes);
        place.setAttribute("tabindex", "-1");
        place.focus();
      } catch {
        button.dataset.plain = "yes";
        button.click();
      } finally {
        button.removeAttribute("aria-busy");
      }
    });
  }
};
