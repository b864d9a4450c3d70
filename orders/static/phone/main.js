// The table of contents: which screen an address shows.

import { ask } from "./api.js";
import { codeOfSlip, comeBack, start } from "./joining.js";
import * as keep from "./keep.js";
import { menu, windows } from "./menu.js";
import { inbox } from "./inbox.js";
import { agreed, another, devices, home, mail, me, person } from "./me.js";
import { requests, survey } from "./needs.js";
import { order, orders } from "./orders.js";
import { unsure } from "./sending.js";
import { made, on, open, say, sorry, words } from "./show.js";
import { place } from "./waiting.js";

const SCREENS = [
  [/^#\/windows\/([0-9a-f-]{36})$/, (id) => menu(id)],
  [/^#\/orders\/([0-9a-f-]{36})$/, order],
  [/^#\/orders$/, orders],
  [/^#\/surveys\/([0-9a-f-]{36})$/, survey],
  [/^#\/requests$/, requests],
  [/^#\/waiting\/([0-9a-f-]{36})$/, place],
  [/^#\/inbox$/, inbox],
  [/^#\/me\/homes\/([0-9a-f-]{36})$/, home],
  [/^#\/me\/another$/, another],
  [/^#\/me\/person$/, person],
  [/^#\/me\/mail$/, mail],
  [/^#\/me\/agreed$/, agreed],
  [/^#\/me\/devices$/, devices],
  [/^#\/me$/, () => me(signOut)],
  [/^/, windows],
];

async function show() {
  say("");
  const code = location.hash.startsWith("#/") ? "" : codeOfSlip(location.hash);
  const isIn = Boolean(keep.read("token"));
  if (code) {
    // Whoever is in already scans the slip of one more household: his parents' perhaps.
    keep.write("draft", { ...keep.read("draft"), code });
    keep.forget("by-phone");
    history.replaceState(null, "", location.pathname + (isIn ? "#/me/another" : ""));
  }
  document.getElementById("tabs").hidden = !isIn;
  if (!isIn) {
    await start(run);
    return;
  }
  const sending = keep.read("sending");
  if (sending) {
    unsure(sending);
    return;
  }
  for (const [pattern, screen] of SCREENS) {
    const found = pattern.exec(location.hash);
    if (found) {
      await screen(...found.slice(1));
      return;
    }
  }
}

async function run() {
  document.body.classList.add("waiting");
  try {
    await show();
  } catch (error) {
    if (error.status === 401) return;
    const screen = made("trouble");
    on(screen, "again", run);
    open(screen);
    sorry(error);
  } finally {
    document.body.classList.remove("waiting");
    document.dispatchEvent(new Event("shown"));
  }
}

async function signOut() {
  try {
    await ask("/auth/sign-out", { method: "POST", body: {}, key: keep.secret(18) });
  } catch (error) {
    if (error.isLost) {
      sorry(error);
      return;
    }
  }
  keep.forgetPerson();
  location.hash = "";
  await run();
}

window.addEventListener("hashchange", run);
// A link to where one is already: look anew.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (link && link.getAttribute("href") === location.hash) run();
});
document.addEventListener("visibilitychange", () => comeBack(run));
document.addEventListener("signed-out", () => {
  // All of it: the next person on this phone must not be offered the order of the one before.
  keep.forgetPerson();
  run().then(() => say(words("signed-out")));
});

// Large type for old eyes, kept on this phone.
const larger = document.querySelector("[data-do=larger]");
function size(isLarge) {
  document.documentElement.classList.toggle("large", isLarge);
  larger.setAttribute("aria-pressed", isLarge);
}
larger.addEventListener("click", () => {
  const isLarge = !keep.read("large");
  if (isLarge) keep.write("large", true);
  else keep.forget("large");
  size(isLarge);
});
size(Boolean(keep.read("large")));
run();
