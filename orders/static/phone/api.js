// The REST API, as any client sees it: docs/api.md.

import * as keep from "./keep.js";

const ROOT = document.documentElement.dataset.api;
const PATIENCE = 20000;

export class Refusal extends Error {
  constructor(status, { code = "", detail = "", fields = {} } = {}) {
    super(detail);
    Object.assign(this, { status, code, detail, fields });
  }

  // Nothing is known of what the server did: the same must be sent again, under the same key.
  get isLost() {
    return this.status === 0 || this.status >= 500 || ["busy", "idempotency_key_in_flight"].includes(this.code);
  }
}

async function send(path, options, { token, key }) {
  const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (key) headers["Idempotency-Key"] = key;
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    return await fetch(ROOT + path, { ...options, headers, signal: patience.signal, credentials: "omit", cache: "no-store" });
  } catch {
    throw new Refusal(0, { code: "offline" });
  } finally {
    clearTimeout(timer);
  }
}

export async function ask(path, { method = "GET", body, key, open = false } = {}) {
  const token = open ? null : keep.read("token");
  const options = { method, body: body === undefined ? undefined : JSON.stringify(body) };
  const answer = await send(path, options, { token, key });
  let told = {};
  try {
    told = answer.status === 204 ? {} : await answer.json();
  } catch {
    // A reply that was cut is a lost reply.
    throw new Refusal(0, { code: "offline" });
  }
  if (answer.ok) return told;
  if (answer.status === 401 && token) document.dispatchEvent(new Event("signed-out"));
  throw new Refusal(answer.status, told);
}

// A wish that is sent again after a lost reply, also after a reload, goes under the key it had.
export async function command(path, body = {}, method = "POST") {
  const text = JSON.stringify(body);
  const kept = keep.read(`key ${path}`);
  const key = kept?.text === text ? kept.key : keep.secret(18);
  keep.write(`key ${path}`, { key, text });
  try {
    const told = await ask(path, { method, body, key });
    keep.forget(`key ${path}`);
    return told;
  } catch (error) {
    if (!error.isLost) keep.forget(`key ${path}`);
    throw error;
  }
}

// All pages of a list, at most so many rows.
export async function list(path, most = 100) {
  const rows = [];
  let cursor = null;
  do {
    const joint = path.includes("?") ? "&" : "?";
    const page = await ask(`${path}${joint}limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
    rows.push(...page.results);
    cursor = page.next_cursor;
  } while (cursor && rows.length < most);
  return rows;
}

// A picture behind the token, as a data: address, which the page's policy allows.
export async function picture(path) {
  const answer = await fetch(path, { headers: { Authorization: `Bearer ${keep.read("token")}` }, credentials: "omit" });
  if (!answer.ok) throw new Refusal(answer.status);
  const reader = new FileReader();
  const done = new Promise((resolve) => { reader.onload = () => resolve(reader.result); });
  reader.readAsDataURL(await answer.blob());
  return done;
}
