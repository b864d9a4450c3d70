// What this phone keeps: a reload in the middle loses nothing. Without storage (a private window) it lives as long as
// the page.

const PREFIX = "jidan.";
const memory = new Map();

export function read(name) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    if (text !== null) return JSON.parse(text);
  } catch {
    // No storage, or not our text.
  }
  return memory.has(name) ? memory.get(name) : null;
}

export function write(name, value) {
  memory.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full or forbidden: memory has it.
  }
}

export function forget(name) {
  memory.delete(name);
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    // As above.
  }
}

function forgetAll() {
  memory.clear();
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX)) localStorage.removeItem(name);
    }
  } catch {
    // As above.
  }
}

// All but the size of the type, which is the phone's.
export function forgetPerson() {
  const isLarge = read("large");
  forgetAll();
  if (isLarge) write("large", isLarge);
}

// Random bits as base64url. Not crypto.randomUUID: that wants TLS, and a compound's own network may have none.
export function secret(bytes) {
  const bits = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...bits)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
