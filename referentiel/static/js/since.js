// The day of the last visit, kept in this browser alone: "last day,the one before".

const KEY = "visites";
const isDay = (text) => /^\d{4}-\d\d-\d\d$/.test(text || "");

const visit = () => {
  const kept = localStorage.getItem(KEY) || "";
  if (kept === "non") return "";
  const today = new Date().toLocaleDateString("sv");
  const [last, before] = kept.split(",");
  if (last === today) return isDay(before) && before;
  localStorage.setItem(KEY, `${today},${isDay(last) ? last : ""}`);
  return isDay(last) && last;
};

try {
  const day = visit();
  if (day) {
    const words = new Date(`${day}T12:00`).toLocaleDateString(document.documentElement.lang, { dateStyle: "long" });
    for (const link of document.querySelectorAll("[data-since]")) {
      link.href = `/depuis/${day}`;
      link.textContent = link.dataset.since.replace("{day}", words);
      link.parentElement.hidden = false;
    }
  }
  for (const button of document.querySelectorAll("[data-forget]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      localStorage.setItem(KEY, "non");
      button.parentElement.textContent = button.dataset.forget;
    });
  }
} catch {}
