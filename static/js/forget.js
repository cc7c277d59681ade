// After signing out no list of visitors stays on the device. What a gate noted and
// has not told yet does: it is told when its page is opened again.

for (const key of Object.keys(localStorage)) if (key.startsWith("gate.roster.")) localStorage.removeItem(key);
if ("caches" in self) for (const name of await caches.keys()) if (name.startsWith("nguon-gate-")) await caches.delete(name);
