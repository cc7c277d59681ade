// Counts down the time for which an order is held, and looks whether it has come
// further. The page says the same in words and is right without this script.

const page = document.querySelector("[data-rev]");
const count = document.querySelector("[data-seconds]");

// The clock of a telephone may be wrong: only what passed since the page came counts.
const begun = performance.now();
const left = () => Number(count.dataset.seconds) - (performance.now() - begun) / 1000;
const two = (n) => String(n).padStart(2, "0");

function show() {
  const s = Math.max(Math.ceil(left()), 0);
  const h = Math.floor(s / 3600);
  count.textContent = (h ? h + ":" : "") + two(Math.floor(s / 60) % 60) + ":" + two(s % 60);
  if (s === 0) {
    clearInterval(ticking);
    location.reload();
  }
}

let ticking;
if (count && left() > 0) {
  show();
  ticking = setInterval(show, 1000);
}

// While money is awaited the page is asked every quarter of a minute, as long as
// somebody looks at it and nothing is being typed, for an hour.
async function look() {
  if (document.hidden || document.activeElement?.closest("form")) return;
  if (performance.now() - begun > 3600_000) return clearInterval(looking);
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-store" });
    const rev = answer.ok && /data-rev="(\d+)"/.exec(await answer.text());
    if (rev && rev[1] !== page.dataset.rev) location.replace(location.pathname);
  } catch {
    // Without a network the page stays as it is.
  }
}

let looking;
if (page?.hasAttribute("data-waits")) looking = setInterval(look, 15_000);
