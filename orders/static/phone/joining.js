// Coming in: by the slip of the household, or by phone and code. Nobody needs more than the slip.

import { ask } from "./api.js";
import * as keep from "./keep.js";
import { busy, fill, made, on, open, say, sixDigits, sorry, words } from "./show.js";

const AGAIN = 30000;
let timer = 0;

// The code of a slip stands behind the #, so that no server and no log ever sees it in an address.
export function codeOfSlip(hash) {
  let text = "";
  try {
    text = decodeURIComponent(hash.replace(/^#/, ""));
  } catch {
    // A stray percent sign: no code, and no reason to show nothing.
  }
  return /^[0-9A-Za-z -]{8,40}$/.test(text) ? text : "";
}

export async function start(done) {
  clearTimeout(timer);
  if (keep.read("join")) {
    await waiting(done);
    return;
  }
  if (keep.read("by-phone")) {
    byPhone(done);
    return;
  }
  const screen = made("join");
  const form = screen.querySelector("form");
  const draft = keep.read("draft") ?? {};
  for (const [name, value] of Object.entries(draft)) {
    if (form.elements[name]?.type === "checkbox") form.elements[name].checked = value;
    else if (form.elements[name]) form.elements[name].value = value;
  }
  form.addEventListener("input", () => keep.write("draft", values(form)));
  const consent = await consentText().catch((error) => { sorry(error); return null; });
  if (consent) screen.querySelector("[data-slot=consent]").textContent = consent.text;
  on(screen, "join", () => busy(screen, () => join(form, consent, done)));
  on(screen, "by-phone", () => byPhone(done));
  open(screen);
}

function values(form) {
  const text = (name) => form.elements[name].value.trim();
  return { code: text("code"), name: text("name"), phone: text("phone"), elsewhere: form.elements.elsewhere.checked };
}

async function consentText() {
  const { results } = await ask("/consents", { open: true });
  return results.find((text) => text.purpose === "ordering");
}

async function join(form, shown, done) {
  say("");
  const given = values(form);
  try {
    const consent = shown ?? (await consentText());
    // Made before it is sent: the same claim is the same wish, however often it is sent.
    const claim = keep.read("claim") ?? keep.secret(32);
    keep.write("claim", claim);
    const wish = await ask("/join", {
      method: "POST",
      open: true,
      body: {
        code: given.code,
        name: given.name,
        phone: given.phone,
        lives_elsewhere: given.elsewhere,
        device: device(),
        consent: consent.version,
        claim,
      },
    });
    keep.write("join", wish.id);
    keep.forget("draft");
    await waiting(done);
  } catch (error) {
    // Refused: the next wish is another one.
    if (error.status && !error.isLost) keep.forget("claim");
    sorry(error);
  }
}

// On Android the name of the model, where the browser tells it.
function device() {
  const android = /Android[^;)]*(?:;\s*([^;)]*))?/.exec(navigator.userAgent);
  if (android) {
    const model = (android[1] ?? "").replace(/ Build\/.*/, "").trim();
    return (model.length > 1 ? `Android ${model}` : "Android").slice(0, 60);
  }
  const found = /\(([^;)]+)/.exec(navigator.userAgent);
  return found ? found[1].slice(0, 60) : "";
}

async function waiting(done) {
  const screen = made("waiting");
  on(screen, "ask", () => busy(screen, () => look(done)));
  on(screen, "start-over", () => busy(screen, () => withdraw(done)));
  open(screen);
  await look(done);
}

async function look(done) {
  clearTimeout(timer);
  const claim = keep.read("claim");
  const id = keep.read("join");
  if (!id) return;
  try {
    const wish = await ask(`/join/${id}`, { method: "POST", open: true, body: { claim } });
    if (wish.token) {
      keep.write("token", wish.token);
      keep.forget("join");
      keep.forget("claim");
      say("");
      done();
      return;
    }
    if (wish.status !== "waiting") {
      keep.forget("join");
      keep.forget("claim");
      await start(done);
      say(wish.reason || words("refused"));
      return;
    }
  } catch (error) {
    if (error.status === 404 || error.code === "claim_spent") {
      keep.forget("join");
      keep.forget("claim");
      await start(done);
    }
    sorry(error);
  }
  timer = setTimeout(() => look(done), AGAIN);
}

export function comeBack(done) {
  if (document.visibilityState === "visible" && keep.read("join") && !keep.read("token")) look(done);
}

async function withdraw(done) {
  try {
    await ask(`/join/${keep.read("join")}/withdraw`, { method: "POST", open: true, body: { claim: keep.read("claim") } });
  } catch (error) {
    if (error.isLost) {
      sorry(error);
      return;
    }
  }
  keep.forget("join");
  keep.forget("claim");
  await start(done);
}

// Made before anything is sent: the code is for this phone only, and a repeat after a lost reply gets the same token.
function ownClaim() {
  const claim = keep.read("phone-claim") ?? keep.secret(32);
  keep.write("phone-claim", claim);
  return claim;
}

function byPhone(done) {
  const screen = made("by-phone");
  const [asking, telling] = screen.querySelectorAll("form");
  // Whoever looks for the code in another app finds this page as he left it.
  const begun = keep.read("by-phone") ?? {};
  const note = (more) => keep.write("by-phone", Object.assign(begun, more));
  asking.elements.phone.value = begun.phone ?? "";
  telling.hidden = !begun.isSent;
  note({});
  asking.elements.phone.addEventListener("input", () => note({ phone: asking.elements.phone.value }));
  on(screen, "send-code", () => busy(screen, async () => {
    say("");
    try {
      const body = { phone: asking.elements.phone.value.trim(), claim: ownClaim() };
      await ask("/auth/code", { method: "POST", open: true, body });
      note({ isSent: true });
      telling.hidden = false;
      telling.elements.code.focus();
      say(words("code-sent"), "good");
    } catch (error) {
      sorry(error);
    }
  }));
  let consent = null;
  consentText().then((text) => {
    consent = text;
    screen.querySelector("[data-slot=consent]").textContent = text.text;
  }).catch(sorry);
  const signIn = (choice) => busy(screen, async () => {
    say("");
    try {
      consent ??= await consentText();
      const claim = ownClaim();
      const given = await ask("/auth/token", {
        method: "POST",
        open: true,
        body: {
          phone: asking.elements.phone.value.trim(),
          code: sixDigits(telling.elements.code),
          claim,
          device: device(),
          consent: consent.version,
          ...(choice ? { choice } : {}),
        },
      });
      if (given.token) {
        keep.write("token", given.token);
        keep.forget("phone-claim");
        keep.forget("by-phone");
        done();
        return;
      }
      fill(screen, { choices: given.choices.map((one) => choiceOf(one, signIn)) });
    } catch (error) {
      sorry(error);
    }
  });
  on(screen, "sign-in", () => signIn(""));
  on(screen, "back", () => {
    keep.forget("by-phone");
    start(done);
  });
  open(screen);
}

// Old neighbours and families share a number: who is it?
function choiceOf(one, signIn) {
  const row = made("choice", { name: one.name, homes: one.households.join("、") });
  row.querySelector("button").addEventListener("click", () => signIn(one.choice));
  return row;
}
