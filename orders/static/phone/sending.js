// An order on its way. One that was sent without an answer outlives a reload: it is sent again under the same key, and
// never buys twice.

import { ask } from "./api.js";
import { lineFor } from "./homes.js";
import * as keep from "./keep.js";
import { menu } from "./menu.js";
import { busy, made, moment, on, open, say, sorry, words, yuan } from "./show.js";

// Kept until there is an answer; `deliver` may be called again with the same command, also after a reload.
export async function deliver(command) {
  keep.write("sending", command);
  try {
    const receipt = await ask(command.path, { method: command.method, body: command.body, key: command.key });
    keep.forget("sending");
    keep.forget(command.basket);
    for (const beside of ["note", "base"]) keep.forget(`${command.basket}.${beside}`);
    thanks(receipt, command.home);
  } catch (error) {
    if (error.isLost) {
      unsure(command);
      return;
    }
    keep.forget("sending");
    await refused(error, command);
  }
}

function thanks(receipt, home) {
  const screen = made("thanks", {
    title: words(receipt.changed_at ? "is-changed" : "is-in"),
    "home-line": lineFor(home),
    number: receipt.number,
    total: yuan(receipt.total_fen),
    placed: moment(receipt.changed_at ?? receipt.placed_at),
  });
  open(screen, "orders");
  say("");
}

export function unsure(command) {
  const screen = made("unsure");
  on(screen, "again", () => busy(screen, () => deliver(command)));
  open(screen, "windows");
  say("");
}

async function refused(error, command) {
  const fits = { sold_out: true, over_limit: true };
  try {
    const order = command.method === "PUT" ? await ask(command.path) : null;
    if (fits[error.code]) await cut(error.fields, command);
    await menu(command.window, order);
  } catch (again) {
    sorry(again);
    return;
  }
  say(error.detail);
}

// What is no longer possible is taken out of the basket, the rest stays; nothing is sent without a look.
async function cut(possible, command) {
  const basket = keep.read(command.basket) ?? {};
  for (const [offer, most] of Object.entries(possible)) {
    if (!basket[offer]) continue;
    if (most > 0) basket[offer].quantity = Math.min(basket[offer].quantity, most);
    else delete basket[offer];
  }
  keep.write(command.basket, basket);
}
