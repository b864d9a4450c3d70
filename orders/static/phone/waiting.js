// What is sold out: stand in line, see one's place, give it up. Whoever stands in line is served by itself.

import { ask, command } from "./api.js";
import { doorOf, lineFor } from "./homes.js";
import { busy, fill, made, on, open, say, sorry, stepper, words, yuan } from "./show.js";

// `back(text)` shows where one came from, with a sentence.
export function join(view, offer, most, back) {
  let quantity = 1;
  const screen = made("wait", {
    name: offer.name,
    spec: offer.spec,
    price: yuan(offer.price_fen),
    unit: offer.unit,
    "home-line": lineFor(view.door),
    most: words("wait-at-most", { count: most, name: offer.name }),
    others: offer.waiting ? words("others-wait", { count: offer.waiting }) : "",
  });
  const steps = stepper(screen, offer.name);
  const put = (wanted) => {
    const whole = Math.trunc(Number(wanted)) || 1;
    if (whole > most) say(words("wait-at-most", { count: most, name: offer.name }));
    quantity = Math.max(1, Math.min(most, whole));
    steps.field.value = quantity;
    fill(screen, { total: yuan(quantity * offer.price_fen) });
  };
  steps.changed(put);
  put(1);
  on(screen, "back", () => back(""));
  on(screen, "wait", () => busy(screen, async () => {
    say("");
    try {
      const wish = await command(`/windows/${view.window.id}/offers/${offer.id}/wait`, {
        quantity,
        expected_total_fen: quantity * offer.price_fen,
        ...(view.isOneOfSeveral ? { household: view.home.id } : {}),
      });
      await back(words("you-wait", { place: wish.place, name: offer.name }), "good");
    } catch (error) {
      // Free again, or in line already: the menu as it is now says which.
      if (!error.isLost && error.status === 409) await back(error.detail, "error");
      else sorry(error);
    }
  }));
  open(screen, "windows");
  say("");
}

// For the list of what I ordered; `wish` as the API shows it.
export async function rowOf(wish) {
  const row = made("wait-row", {
    what: `${wish.offer.name} × ${wish.quantity} ${wish.offer.unit}`,
    title: wish.window.title,
    place: words(wish.can_be_served ? "place" : "in-vain", { place: wish.place }),
    household: await doorOf(wish),
  });
  row.querySelector("a").href = `#/waiting/${wish.id}`;
  return row;
}

export async function place(id) {
  const wish = await ask(`/waiting/${id}`);
  const { offer } = wish;
  const waits = wish.status === "waiting";
  const screen = made("place", {
    title: wish.window.title,
    "home-line": lineFor(await doorOf(wish)),
    place: waits && wish.can_be_served ? words("place", { place: wish.place }) : "",
    state: waits ? (wish.can_be_served ? "" : words("in-vain")) : words(`wait-${wish.status}`),
    what: `${offer.name} ${offer.spec} × ${wish.quantity} ${offer.unit}`,
    total: wish.total_fen ? yuan(wish.total_fen) : "",
  });
  screen.querySelector("[data-when=waiting]").hidden = !(waits && wish.can_be_served);
  const served = screen.querySelector("[data-when=served]");
  served.hidden = wish.status !== "served";
  if (wish.order) served.querySelector("a").href = `#/orders/${wish.order}`;
  screen.querySelector("[data-when=menu] a").href = `#/windows/${wish.window.id}`;
  on(screen, "leave", () => leave(wish));
  open(screen, "orders");
}

function leave(wish) {
  const screen = made("leave", { what: `${wish.offer.name} × ${wish.quantity} ${wish.offer.unit}`, place: words("place", { place: wish.place }) });
  const look = () => place(wish.id).catch(sorry);
  on(screen, "back", look);
  on(screen, "leave", () => busy(screen, async () => {
    say("");
    try {
      await command(`/waiting/${wish.id}/leave`);
      await look();
    } catch (error) {
      // Served meanwhile: the order stands there.
      if (error.code === "not_waiting") await look();
      sorry(error);
    }
  }));
  open(screen, "orders");
  say("");
}
