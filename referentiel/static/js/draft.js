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
    const tell = (words) => {
      place.hidden = false;
      place.textContent = words;
    };
    const save = async () => {
      const now = picture(form);
      if (busy || now === saved) return;
      busy = true;
      try {
        const answer = await fetch(form.dataset.draftUrl, {
          method: "POST",
          body: new FormData(form),
          headers: { Accept: "application/json" },
          redirect: "error",
        });
        if (!answer.ok) throw answer;
        saved = now;
        const body = await answer.json().catch(() => ({}));
        if (body.url) form.dataset.draftUrl = body.url;
        tell(place.dataset.saved.replace("{time}", time()));
      } catch {
        tell(place.dataset.failed);
      } finally {
        busy = false;
      }
    };
    const clock = setInterval(save, PERIOD);
    form.addEventListener("submit", () => clearInterval(clock));
    addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  }
};
