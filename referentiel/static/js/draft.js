// Saves the draft every ten seconds when something has changed, at form[data-draft-url], and says at what time.

const PERIOD = 10000;

const time = () => new Date().toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit" }).replace(":", "\u00a0h\u00a0");

const picture = (form) => {
  const data = new FormData(form);
  data.delete("csrf_token");
  return new URLSearchParams(data).toString();
};

export const drafts = (root) => {
  for (const form of root.querySelectorAll("form[data-draft-url]")) {
    const place = root.querySelector(`[data-draft-for="${form.id}"]`);
    if (!place) continue;
    let saved = picture(form);
    let busy = false;
    const save = async () => {
      const now = picture(form);
      if (busy || now === saved) return;
      busy = true;
      let words = place.dataset.failed;
      try {
        const answer = await fetch(form.dataset.draftUrl, {
          method: "POST",
          body: new FormData(form),
          headers: { Accept: "application/json" },
          redirect: "error",
        });
        const told = await answer.json();
        if (answer.ok) {
          saved = now;
          words = place.dataset.saved.replace("{time}", time());
        } else words = told.message || words;
      } catch {
        // The network or the session is gone: the words say that nothing was saved.
      }
      busy = false;
      place.hidden = false;
      place.textContent = words;
    };
    const clock = setInterval(save, PERIOD);
    form.addEventListener("submit", () => clearInterval(clock));
    addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  }
};
