// The gate: reads tickets with the camera or from what is typed, with or without a
// network. The forms of the page do the same without this script.

const gate = document.querySelector("[data-gate]");
const words = JSON.parse(gate.dataset.words);
const departure = gate.dataset.gate;
const keep = { roster: "gate.roster." + departure, queue: "gate.queue." + departure, conflicts: "gate.conflicts." + departure };
const say = (key, args = {}) => (words[key] || key).replace(/\{(\w+)\}/g, (_, n) => args[n] ?? "");
const read = (key, empty) => JSON.parse(localStorage.getItem(key) || "null") ?? empty;
const write = (key, value) => localStorage.setItem(key, JSON.stringify(value));
const time = (s) => new Date(s).toLocaleString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", day: "2-digit", month: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
const dong = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ".") + " ₫";

let roster = read(keep.roster, null);

// What is kept on the device goes two days after the visit.
for (const key of Object.keys(localStorage)) {
  if (!key.startsWith("gate.roster.")) continue;
  const old = read(key, null);
  if (old && Date.now() - Date.parse(old.end) > 2 * 86400_000) {
    const id = key.slice("gate.roster.".length);
    if (read("gate.queue." + id, []).length === 0) for (const k of ["roster", "queue", "conflicts"]) localStorage.removeItem(`gate.${k}.${id}`);
  }
}

const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const ticketMark = "NGV1.";

// The format is that of tours.Ticket: key id, place, issue, event and booking with
// their lengths, and an Ed25519 signature over the mark and all of it.
function parse(text) {
  if (!text.startsWith(ticketMark)) return null;
  let b;
  try {
    b = bytes(text.slice(ticketMark.length));
  } catch {
    return null;
  }
  if (b.length < 8 + 2 + 64) return null;
  const said = b.slice(0, -64);
  const view = new DataView(said.buffer);
  const parts = [];
  for (let at = 8; at < said.length; at += 1 + said[at]) {
    if (at + 1 + said[at] > said.length) return null;
    parts.push(new TextDecoder().decode(said.slice(at + 1, at + 1 + said[at])));
  }
  if (parts.length !== 2) return null;
  return { key: view.getUint32(0), place: view.getUint16(4), issue: view.getUint16(6), event: parts[0], booking: parts[1], said, signature: b.slice(-64) };
}

let unsigned = false; // this browser cannot check signatures

async function signed(t) {
  const key = roster.keys.find((k) => k.id === t.key);
  if (!key) return false;
  const mark = new TextEncoder().encode(ticketMark);
  const message = new Uint8Array(mark.length + t.said.length);
  message.set(mark);
  message.set(t.said, mark.length);
  try {
    const k = await crypto.subtle.importKey("raw", bytes(key.key), { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, k, t.signature, message);
  } catch {
    unsigned = true; // then the list of the day alone decides
    return true;
  }
}

// What the list on the device says of a ticket, a code or a row of the list.
async function decide(text, places) {
  if (!roster) return { result: "unknown" };
  let booking, place = 0, issue = 0;
  const t = parse(text);
  if (t) {
    if (!(await signed(t))) return { result: "unknown" };
    if (t.event !== departure) return { result: "wrong" };
    booking = roster.bookings.find((b) => b.ref === t.booking);
    if (!booking) return { result: "cancelled" };
    ({ place, issue } = t);
  } else {
    const typed = text.replace(/\s/g, "").toUpperCase();
    const all = roster.bookings.filter((b) => b.code === typed || b.ref.toUpperCase() === typed);
    booking = all.find((b) => b.state === "booked" && b.in.length < b.people.length) || all[0];
    if (!booking) return { result: "unknown" };
  }
  if (booking.state === "left" || (issue && issue !== booking.issue)) return { result: "cancelled", booking };
  const wanted = places.length ? places : place ? [place] : booking.people.map((_, i) => i + 1);
  const before = booking.in.filter((x) => wanted.includes(x.place));
  const fresh = wanted.filter((p) => p <= booking.people.length && !booking.in.some((x) => x.place === p));
  return { result: fresh.length ? "in" : "again", booking, places: fresh, before, first: booking.in.length === 0 };
}

const verdict = gate.querySelector("[data-verdict]");

function show(r) {
  const box = document.createElement("div");
  box.className = "said said-" + r.result;
  const lines = [];
  if (r.booking) lines.push([r.booking.name || r.booking.code, r.booking.people.length].join(" · "));
  for (const x of r.before || []) lines.push(say("before", { Place: x.place, When: time(x.at), Who: x.by }));
  if (r.result === "in" && r.due > 0) lines.push(say("collect", { Sum: dong(r.due) }));
  if (r.booking && r.result === "in" && r.booking.in.length < r.booking.people.length) lines.push(say("partly", { In: r.booking.in.length, Of: r.booking.people.length }));
  if (r.booking && r.result === "in") lines.push(...r.booking.notes);
  if (unsigned) lines.push(say("unsigned"));
  const strong = document.createElement("strong");
  strong.textContent = say("result." + r.result);
  box.append(strong, ...lines.map((l) => Object.assign(document.createElement("p"), { textContent: l })));
  verdict.replaceChildren(box);
  verdict.scrollIntoView({ block: "nearest" });
}

async function scan(text, places = []) {
  text = text.trim();
  if (!text) return;
  const r = await decide(text, places);
  const at = new Date().toISOString();
  if (r.result === "in") {
    r.due = r.first ? r.booking.due : 0;
    r.booking.in.push(...r.places.map((place) => ({ place, at, by: "" })));
    write(keep.roster, roster);
  }
  show(r);
  if (r.result === "in") write(keep.queue, [...read(keep.queue, []), { id: crypto.randomUUID(), ticket: text, places: r.places, at, offline: true }]);
  else await ask(text, places, r); // the list on the device may be old
  draw();
  await flush(r);
}

const tell = async (scans) => {
  const answer = await fetch(gate.dataset.scans, { method: "POST", body: new URLSearchParams({ token: gate.dataset.token, scans: JSON.stringify(scans) }) });
  if (answer.status === 401 || answer.status === 403) throw new Error("expired");
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).results;
};

// ask lets the server decide about a ticket that the device would not let in.
async function ask(text, places, r) {
  try {
    const [x] = await tell([{ id: "now", ticket: text, places, at: new Date().toISOString(), offline: false }]);
    await refresh();
    if (x.result !== r.result) show({ result: x.result, booking: roster?.bookings.find((b) => b.ref === x.ref), before: x.before, due: x.due });
  } catch {
    // Without a network what the device says stands.
  }
}

let flushing = false;

// flush tells the server what was scanned; what it says otherwise is shown.
async function flush(current) {
  const queue = read(keep.queue, []);
  if (flushing || queue.length === 0) return draw();
  flushing = true;
  try {
    const part = queue.slice(0, 50);
    const live = current && part.length === 1; // scanned this moment, with a network
    const results = await tell(part.map((x) => ({ ...x, offline: !live })));
    const conflicts = read(keep.conflicts, []);
    for (const r of results) {
      const sent = part.find((x) => x.id === r.id);
      if (sent && r.result !== "in" && !live) conflicts.push({ id: r.id, result: r.result, name: r.name || sent.ticket.slice(0, 12), at: sent.at });
    }
    write(keep.conflicts, conflicts);
    const done = new Set(results.map((r) => r.id));
    write(keep.queue, read(keep.queue, []).filter((x) => !done.has(x.id)));
    if (current && results.length === 1 && results[0].result !== current.result) {
      const x = results[0];
      show({ result: x.result, booking: roster?.bookings.find((b) => b.ref === x.ref), before: x.before, due: x.due });
    }
    net = true;
    await refresh();
  } catch (e) {
    net = e.message === "expired" ? "expired" : false;
  } finally {
    flushing = false;
    draw();
  }
}

let net = navigator.onLine;

async function refresh() {
  try {
    const answer = await fetch(gate.dataset.roster, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "error" });
    if (!answer.ok) throw new Error();
    roster = await answer.json();
    write(keep.roster, roster);
    net = true;
  } catch {
    net = false;
  }
  draw();
}

// draw brings the page in line with what the device knows.
function draw() {
  const bar = gate.querySelector("[data-net]");
  bar.hidden = false;
  const waits = read(keep.queue, []).length;
  bar.textContent = [net === "expired" ? say("expired") : say(net ? "online" : "offline"), waits ? say("waiting") + " " + waits : "", roster ? say("age", { When: time(roster.made) }) : ""].filter(Boolean).join(" · ");
  bar.dataset.net = net === true ? "on" : "off";
  if (roster) {
    const booked = roster.bookings.filter((b) => b.state === "booked");
    const sum = (f) => booked.reduce((n, b) => n + f(b), 0);
    gate.querySelector("[data-counts]").textContent = say("counts", { In: sum((b) => b.in.length), Of: sum((b) => b.people.length) });
    for (const row of gate.querySelectorAll("[data-ref]")) {
      const b = roster.bookings.find((x) => x.ref === row.dataset.ref);
      if (!b || !b.in.length) continue;
      const all = b.in.length >= b.people.length;
      row.querySelector("[data-state]").textContent = say(all ? "state.in" : "state.partly");
      row.querySelector("[data-due]")?.remove();
      if (all) row.querySelector("[data-let]")?.remove();
    }
  }
  const conflicts = read(keep.conflicts, []);
  const section = gate.querySelector("[data-conflicts]");
  section.hidden = conflicts.length === 0;
  section.querySelector("ul").replaceChildren(
    ...conflicts.map((c) => {
      const li = document.createElement("li");
      li.className = "row";
      const p = document.createElement("span");
      p.className = "what";
      p.textContent = say("conflict", { Name: c.name, When: time(c.at), Result: say("result." + c.result) });
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn quiet", textContent: say("dismiss") });
      button.onclick = () => {
        write(keep.conflicts, read(keep.conflicts, []).filter((x) => x.id !== c.id));
        draw();
      };
      li.append(p, button);
      return li;
    }),
  );
}

gate.querySelector("[data-scan]").addEventListener("submit", (e) => {
  e.preventDefault();
  const field = e.target.elements.ticket;
  scan(field.value);
  field.value = "";
  field.focus();
});
for (const form of gate.querySelectorAll("[data-let]")) {
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    const places = [...form.querySelectorAll("[name^='place.']:checked")].map((x) => Number(x.name.slice(6)));
    scan(form.elements.ticket.value, places);
  });
}

const find = gate.querySelector("[data-find]");
find.hidden = false;
find.querySelector("input").addEventListener("input", (e) => {
  const fold = (s) => s.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
  const wanted = fold(e.target.value);
  for (const row of gate.querySelectorAll("[data-ref]")) row.hidden = !fold(row.textContent).includes(wanted);
});

// The camera, where the browser reads QR codes by itself.
const button = gate.querySelector("[data-camera]");
const video = gate.querySelector("[data-video]");
if ("BarcodeDetector" in window && navigator.mediaDevices) {
  button.hidden = false;
  let stream, last = "";
  button.onclick = async () => {
    if (stream) {
      stream.getTracks().forEach((t) => t.stop());
      stream = null;
      video.hidden = true;
      return;
    }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      gate.querySelector("[data-nocamera]").hidden = false;
      return;
    }
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const look = async () => {
      if (!stream) return;
      const [code] = await detector.detect(video).catch(() => []);
      if (code && code.rawValue !== last) {
        last = code.rawValue;
        setTimeout(() => (last = ""), 4000);
        await scan(code.rawValue);
      }
      setTimeout(look, 150);
    };
    look();
  };
} else {
  gate.querySelector("[data-nocamera]").hidden = false;
}

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(gate.dataset.worker, { scope: gate.dataset.scope }).then(() => navigator.serviceWorker.ready).then((r) => {
    const files = performance.getEntriesByType("resource").map((x) => x.name).filter((n) => new URL(n).pathname.startsWith("/static/"));
    r.active?.postMessage({ page: location.pathname, files });
  }, () => {});
}
addEventListener("online", () => flush());
setInterval(() => (read(keep.queue, []).length ? flush() : document.hidden || refresh()), 20_000);
refresh().then(() => flush());
