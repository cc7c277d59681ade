// Lets the page of the gate open without a network. It keeps that page and the files
// it needs, and nothing else of the console.

const cacheName = "nguon-gate-1";
const isGate = (path) => /^(\/en)?\/console\/tours\/checkin\/[^/]+$/.test(path);
const most = 60; // files and pages that are kept

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (e) =>
  e.waitUntil(caches.keys().then((names) => Promise.all(names.filter((n) => n !== cacheName).map((n) => caches.delete(n)))).then(() => self.clients.claim())));

async function keep(request, answer) {
  const cache = await caches.open(cacheName);
  await cache.put(request, answer);
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(keys.length - most, 0)).map((k) => cache.delete(k)));
}

// The page says what it is and needs, once it has been opened with a network.
self.addEventListener("message", (e) => {
  if (!isGate(e.data?.page || "")) return;
  e.waitUntil(Promise.all([e.data.page, ...e.data.files].map(async (url) => {
    const answer = await fetch(url, { credentials: "same-origin", redirect: "error" });
    if (answer.ok) await keep(url, answer);
  })).catch(() => {}));
});

self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) return;
  if (isGate(url.pathname)) {
    e.respondWith(fetch(e.request).then((answer) => {
      if (answer.ok && !answer.redirected) e.waitUntil(keep(url.pathname, answer.clone()));
      return answer;
    }, async () => (await caches.match(url.pathname)) || Response.error()));
  } else if (url.pathname.startsWith("/static/")) {
    e.respondWith(fetch(e.request).catch(async () => (await caches.match(e.request.url)) || (await caches.match(url.href)) || Response.error()));
  }
});
