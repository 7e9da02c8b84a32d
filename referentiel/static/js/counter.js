// "204 signes sur 600": counted as the server counts. Ears hear it only near the end.

const length = (text) => [...text.normalize("NFC")].length;

export const counters = (root) => {
  for (const area of root.querySelectorAll("[data-counter]")) {
    const place = document.getElementById(`${area.id}-compte`);
    if (!place) continue;
    const most = Number(area.dataset.counter);
    const count = () => {
      const n = length(area.value);
      const over = n - most;
      const words = over > 0 ? place.dataset.over : place.dataset.count;
      place.textContent = words.replace("{n}", n).replace("{max}", most).replace("{over}", over);
      place.classList.toggle("over", over > 0);
      if (n > most * 0.9) place.setAttribute("role", "status");
      else place.removeAttribute("role");
    };
    area.addEventListener("input", count);
    count();
  }
};
