// What is mine, and what I may do with it: households, letters, what I agreed to, where I am signed in. Whatever cannot
// be taken back is asked about first.

import { ask, command, list } from "./api.js";
import { refresh } from "./homes.js";
import * as keep from "./keep.js";
import { busy, date, fill, made, moment, on, open, question, say, sixDigits, sorry, words } from "./show.js";

const FORTNIGHT = 14 * 86400000;

export async function me(signOut) {
  const [{ name, phone, isConfirmed, homes }, wishes] = await Promise.all([refresh(), list("/me/joins", 20)]);
  const rows = homes.map((one) => {
    const row = made("home-row", { home: `${one.community} ${one.door}` });
    row.querySelector("a").href = `#/me/homes/${one.id}`;
    return row;
  });
  const told = wishes.filter(isNews).map((wish) => wishRow(wish, signOut));
  const screen = made("me", {
    name,
    rows,
    wishes: told,
    unconfirmed: phone && !isConfirmed ? words("not-confirmed-chip") : "",
  });
  screen.querySelector("[data-when=wishes]").hidden = told.length === 0;
  on(screen, "sign-out", () => question("sign-out", {}, {
    yes: signOut,
    no: () => me(signOut).catch(sorry),
  }));
  open(screen, "me");
}

// What waits, and for a fortnight what was refused, with the sentence of whoever refused it.
function isNews(wish) {
  const age = Date.now() - Date.parse(wish.decided_at);
  return wish.status === "waiting" || (wish.status === "refused" && age < FORTNIGHT);
}

function wishRow(wish, signOut) {
  const waits = wish.status === "waiting";
  const row = made("wish-row", {
    home: `${wish.community} ${wish.building} ${wish.room}`,
    state: words(waits ? "is-waiting" : "is-refused"),
    more: waits ? words("wish-waits") : wish.reason || words("refused"),
    asked: words("asked-at", { at: moment(wish.asked_at) }),
  });
  row.querySelector(".chip").classList.add("amber");
  row.querySelector("button").hidden = !waits;
  on(row, "withdraw", () => busy(row, async () => {
    try {
      await command(`/me/joins/${wish.id}/withdraw`);
      await me(signOut);
      say(words("wish-withdrawn"), "good");
    } catch (error) {
      sorry(error);
    }
  }));
  return row;
}

// Name and phone: a number is kept once the code that came to it is typed.
export async function person() {
  showPerson(await refresh());
}

function showPerson({ name, phone, isConfirmed }, asked = "") {
  const screen = made("person", {
    phone: phone ?? words("no-phone"),
    state: phone ? words(isConfirmed ? "phone-confirmed" : "phone-unconfirmed") : "",
  });
  const [naming, asking, telling] = screen.querySelectorAll("form");
  naming.elements.name.value = name;
  asking.elements.phone.value = asked;
  const number = () => asking.elements.phone.value.trim();
  const put = (work, done) => busy(screen, async () => {
    say("");
    try {
      await work();
      if (done) say(done, "good");
    } catch (error) {
      sorry(error);
    }
  });
  const again = async () => showPerson(await refresh(), number());
  on(screen, "rename", () => put(async () => {
    await command("/me", { name: naming.elements.name.value.trim() }, "PUT");
    await again();
  }, words("saved")));
  on(screen, "send-code", () => put(async () => {
    await ask("/me/phone/code", { method: "POST", body: { phone: number() } });
    telling.hidden = false;
    telling.elements.code.focus();
  }, words("own-code-sent")));
  on(screen, "confirm", () => put(async () => {
    await ask("/me/phone", { method: "POST", body: { phone: number(), code: sixDigits(telling.elements.code) } });
    asking.elements.phone.value = "";
    await again();
  }, words("phone-is-yours")));
  open(screen, "me");
}

// One household: what is done if goods are short, and moving out.
export async function home(id) {
  const { homes, hasPost } = await refresh();
  const one = homes.find((row) => row.id === id);
  if (!one) {
    location.hash = "#/me";
    return;
  }
  const screen = made("home", { door: one.door, community: one.community });
  const short = screen.querySelector("select");
  short.value = one.substitutes;
  short.addEventListener("change", () => busy(screen, async () => {
    try {
      await command(`/me/households/${id}`, { substitutes: short.value }, "PUT");
      say(words("saved"), "good");
    } catch (error) {
      short.value = one.substitutes;
      sorry(error);
    }
  }));
  on(screen, "leave", () => question(homes.length > 1 || hasPost ? "leave" : "leave-last", { home: one.door }, {
    yes: () => leave(one, homes.length === 1 && !hasPost),
    no: () => home(id).catch(sorry),
  }));
  open(screen, "me");
}

// With the last household this phone is signed out by the server.
async function leave(one, isLast) {
  try {
    await command(`/me/households/${one.id}/leave`);
  } catch (error) {
    // Left already: by the tap before, or on another phone.
    if (error.status !== 404) {
      sorry(error);
      return;
    }
  }
  keep.forget("homes");
  if (isLast) keep.forgetPerson();
  await go("#/me");
  say(words("left-home", { home: one.door }), "good");
}

// The screen of an address, shown when this is done: a sentence said after it stays.
async function go(place) {
  const shown = new Promise((resolve) => { document.addEventListener("shown", resolve, { once: true }); });
  if (location.hash === place) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else location.hash = place;
  await shown;
}

export async function another() {
  const [{ name }, { results }] = await Promise.all([refresh(), ask("/consents", { open: true })]);
  const consent = results.find((text) => text.purpose === "ordering");
  const screen = made("another", { consent: consent.text });
  const form = screen.querySelector("form");
  form.elements.name.value = name;
  form.elements.code.value = keep.read("draft")?.code ?? "";
  on(screen, "join", () => busy(screen, async () => {
    say("");
    try {
      await command("/me/households", {
        code: form.elements.code.value.trim(),
        name: form.elements.name.value.trim(),
        lives_elsewhere: form.elements.elsewhere.checked,
        consent: consent.version,
      });
      keep.forget("draft");
      await go("#/me");
    } catch (error) {
      sorry(error);
    }
  }));
  open(screen, "me");
}

export async function devices() {
  const all = await list("/me/devices");
  const rows = all.map((one) => {
    const row = made("device-row", {
      name: one.name || words("unnamed"),
      here: one.is_this ? words("this-phone") : "",
      since: words("signed-in", { at: moment(one.signed_in_at) }),
      used: words("last-used", { day: date(one.used_at.slice(0, 10)) }),
    });
    const button = row.querySelector("button");
    button.hidden = one.is_this;
    button.setAttribute("aria-label", words("sign-out-of", { name: one.name || words("unnamed") }));
    on(row, "revoke", () => question("revoke", { name: one.name || words("unnamed") }, {
      yes: () => revoke(one),
      no: () => devices().catch(sorry),
    }));
    return row;
  });
  const screen = made("devices", { rows });
  open(screen, "me");
}

async function revoke(one) {
  try {
    await command(`/me/devices/${one.id}/revoke`);
  } catch (error) {
    // Signed out already.
    if (error.status !== 404) {
      sorry(error);
      return;
    }
  }
  await devices().catch(sorry);
}

// What I agreed to, word by word; each can be taken back, that for ordering by leaving.
export async function agreed() {
  const [texts, mine] = await Promise.all([ask("/consents", { open: true }), list("/me/consents")]);
  const rows = texts.results.map((text) => {
    const given = mine.find((one) => one.purpose === text.purpose && !one.withdrawn_at);
    const withdrawn = mine.find((one) => one.purpose === text.purpose && one.withdrawn_at);
    const isOrdering = text.purpose === "ordering";
    const row = made("consent-row", {
      title: words(`consent-${text.purpose}`),
      state: given ? words("agreed-at", { at: moment(given.given_at) })
        : withdrawn ? words("withdrawn-at", { at: moment(withdrawn.withdrawn_at) }) : words("not-agreed"),
      text: text.text,
      leave: given && isOrdering ? words("leave-instead") : "",
    });
    row.querySelector("[data-do=agree]").hidden = given?.version === text.version;
    row.querySelector("[data-do=withdraw]").hidden = !given || isOrdering;
    on(row, "agree", () => busy(row, () => settle("/me/consents", { purpose: text.purpose, version: text.version })));
    on(row, "withdraw", () => question(`withdraw-${text.purpose}`, {}, {
      yes: () => settle(`/me/consents/${text.purpose}/withdraw`, {}),
      no: () => agreed().catch(sorry),
    }));
    return row;
  });
  const screen = made("agreed", { rows });
  open(screen, "me");
}

async function settle(path, body) {
  try {
    await command(path, body);
  } catch (error) {
    // Withdrawn already.
    if (error.status !== 404) {
      sorry(error);
      return;
    }
  }
  await agreed().catch(sorry);
}

export async function mail() {
  show(await ask("/me/mailbox"));
}

function show(box) {
  const screen = made("mail", {
    address: box.address ?? words("no-letters"),
    state: !box.address ? "" : box.is_confirmed ? words("confirmed") : words("unconfirmed"),
  });
  screen.querySelector("[data-when=unconfirmed]").hidden = !box.address || box.is_confirmed;
  screen.querySelector("[data-when=box]").hidden = !box.address;
  fill(screen, { "address-label": words(box.address ? "other-address" : "address") });
  const [code, address, quiet] = screen.querySelectorAll("form");
  quiet.elements.from.value = box.quiet_from ?? "";
  quiet.elements.until.value = box.quiet_until ?? "";
  const hours = () => ({ quiet_from: quiet.elements.from.value || null, quiet_until: quiet.elements.until.value || null });
  const put = (body, done) => busy(screen, async () => {
    say("");
    try {
      show(await command("/me/mailbox", body, "PUT"));
      say(done, "good");
    } catch (error) {
      sorry(error);
    }
  });
  on(screen, "confirm", () => busy(screen, () => confirm(code.elements.code.value.trim())));
  on(screen, "name", () => put({ ...hours(), address: address.elements.address.value.trim() }, words("mail-code-sent")));
  on(screen, "hours", () => put(hours(), words("saved")));
  on(screen, "community-hours", () => put({ quiet_from: null, quiet_until: null }, words("saved")));
  on(screen, "remove", () => question("no-letters", { address: box.address }, {
    yes: () => put({ address: "" }, words("letters-ended")),
    no: () => mail().catch(sorry),
  }));
  open(screen, "me");
}

async function confirm(code) {
  say("");
  try {
    const box = await command("/me/mailbox/confirm", { code });
    show(box);
    if (box.is_confirmed) say(words("confirmed-now"), "good");
    else say(words("wrong-code"));
  } catch (error) {
    sorry(error);
  }
}
