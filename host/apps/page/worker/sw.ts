/**
 * The page's service worker: after the first load the page opens without a network. Its files come
 * from the cache, whole builds at a time; what the host says about itself (kincard.json) comes
 * from the network where there is one.
 *
 * Limits: it sees addresses of static files and nothing else; links to cards never pass here.
 */

import { CONFIG_FILE } from "../config.js";

/** Put in front by host/tools/build/page/page.ts. */
declare const BUILD: { readonly version: string; readonly files: readonly string[] };

/** The part of a worker's world that is used here (lib.webworker clashes with lib.dom). */
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: Waiting) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
}
const worker = globalThis as unknown as Worker;
const PREFIX = "kincard-";
const CACHE = PREFIX + BUILD.version;

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  const fresh = (file: string) => new Request(file, { cache: "reload" });
  await cache.addAll(["./", ...BUILD.files].map(fresh));
  // The first load fetched it before there was a worker. A host may have none.
  await cache.add(fresh(CONFIG_FILE)).catch(() => undefined);
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
  }
  await worker.clients.claim();
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  if (request.url.endsWith(`/${CONFIG_FILE}`)) {
    try {
      const fresh = await fetch(request);
      if (fresh.ok) await cache.put(request, fresh.clone());
      return fresh;
    } catch (error) {
      const known = await cache.match(request);
      if (known) return known;
      throw error;
    }
  }
  return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const ours = request.url.startsWith(worker.registration.scope);
  if (request.method === "GET" && ours) event.respondWith(answer(request));
});
