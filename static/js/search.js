// Suggestions while somebody types. The form does all else without this script.

for (const form of document.querySelectorAll("[data-suggest]")) {
  const input = form.elements.q;
  const box = document.createElement("div");
  box.className = "suggestions";
  box.hidden = true;
  form.append(box);
  let asked = 0, timer;
  const links = () => [...box.querySelectorAll("a")];
  const close = () => { box.hidden = true; };

  async function suggest() {
    const text = input.value.trim();
    const mine = ++asked;
    if (text.length < 2) return close();
    let html = "";
    try {
      const answer = await fetch(`${form.dataset.suggest}?q=${encodeURIComponent(text)}`);
      if (answer.ok) html = await answer.text();
    } catch {
      // without a network there are no suggestions
    }
    if (mine !== asked || document.activeElement !== input) return;
    box.innerHTML = html; // a piece of a page of our own, whose text is escaped there
    box.hidden = links().length === 0;
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, 120);
  });
  form.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && !box.hidden) {
      e.preventDefault(); // the first one closes, the next one empties the box
      close();
      input.focus();
    }
    if (e.key !== "ArrowDown" && e.key !== "ArrowUp" || box.hidden) return;
    const all = links(), at = all.indexOf(document.activeElement) + (e.key === "ArrowDown" ? 1 : -1);
    e.preventDefault();
    (at < 0 ? input : all[Math.min(at, all.length - 1)]).focus();
  });
  form.addEventListener("focusout", (e) => {
    if (!form.contains(e.relatedTarget)) close();
  });
}
