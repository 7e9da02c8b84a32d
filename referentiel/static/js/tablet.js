// A turn on a shared tablet lasts while somebody touches it. Left alone, the page goes, with what it shows.

const IDLE = 605e3; // A little more than the server: then the turn is over there too.
const strip = document.querySelector("[data-turn]");
const send = (to) => fetch(to, { method: "POST", body: new URLSearchParams({ csrf_token: strip.dataset.token }) });
let touched = Date.now();
let told = touched;

for (const act of ["keydown", "pointerdown", "input"]) {
  addEventListener(act, () => {
    touched = Date.now();
    if (touched - told > 60e3) {
      told = touched;
      send(strip.dataset.turn);
    }
  });
}

// A page kept by the browser must not come back after the turn.
addEventListener("pageshow", (shown) => shown.persisted && location.reload());

setInterval(() => Date.now() - touched > IDLE && location.replace(strip.dataset.start), 5e3);
