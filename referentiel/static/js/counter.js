// "204 signes sur 600", counted as the server does; ears hear it near the end.

export const counters = (root) => {
  for (const area of root.querySelectorAll("[data-counter]")) {
    const place = document.getElementById(`${area.id}-compte`);
    if (!place) continue;
    const most = Number(area.dataset.counter);
    const count = () => {
      const n = [...area.value.normalize("NFC")].length;
      const over = n - most;
      const words = place.dataset[over > 0 ? "over" : "count"];
      const figures = { n, max: most, over };
      place.textContent = words.replace(/\{(\w+)\}/g, (_, name) => figures[name].toLocaleString(document.documentElement.lang));
      place.classList.toggle("over", over > 0);
      place.setAttribute("role", n > most * 0.9 ? "status" : "none");
    };
    area.addEventListener("input", count);
    count();
  }
};
