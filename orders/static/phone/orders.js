// What I ordered, what I got, what it cost.

import { ask, command, list } from "./api.js";
import { doorOf, homes } from "./homes.js";
import { look } from "./inbox.js";
import * as keep from "./keep.js";
import { menu } from "./menu.js";
import { busy, date, fill, made, moment, on, open, say, sorry, words, yuan } from "./show.js";
import { rowOf } from "./waiting.js";

export async function orders() {
  const [mine, waits] = await Promise.all([list("/orders", 60), list("/waiting", 50), homes()]);
  const screen = made("orders");
  const rows = await Promise.all(mine.map(async (order) => {
    const row = made("order-row", {
      title: order.window.title,
      number: words("number", { number: order.number }),
      total: yuan(order.charged_fen ?? order.total_fen),
      status: state(order),
      placed: moment(order.placed_at),
      household: await doorOf(order),
    });
    row.querySelector("a").href = `#/orders/${order.id}`;
    return row;
  }));
  const waiting = await Promise.all(waits.map(rowOf));
  fill(screen, { rows, waiting, none: rows.length || waiting.length ? null : words("no-order") });
  screen.querySelector("[data-when=waiting]").hidden = !waiting.length;
  screen.querySelector("[data-when=both]").hidden = !rows.length;
  open(screen, "orders");
  look();
}

function state(order) {
  if (order.status === "cancelled") return words("is-cancelled");
  if (order.can_change) return words("is-open");
  return words(order.lines.some((line) => line.allocated !== null) ? "is-allocated" : "is-locked");
}

export async function order(id) {
  const one = await ask(`/orders/${id}`);
  const rows = one.lines.map((line) => made("line-row", {
    number: line.short_number,
    name: line.name,
    spec: line.spec,
    quantity: `${line.quantity} ${line.unit}`,
    amount: yuan(line.charged_fen ?? line.amount_fen),
    got: line.allocated === null || line.allocated === line.quantity ? "" : words("got", { count: line.allocated, wanted: line.quantity }),
    reason: line.reason,
  }));
  const screen = made("order", {
    title: one.window.title,
    number: words("number", { number: one.number }),
    status: state(one),
    placed: words(one.changed_at ? "placed-changed" : "placed", {
      at: moment(one.placed_at),
      changed: one.changed_at ? moment(one.changed_at) : "",
    }),
    household: (await doorOf(one)) || one.household,
    proxy: one.proxy?.sentence,
    deliver: one.window.deliver_on ? words("delivered", { day: date(one.window.deliver_on) }) : "",
    begun: one.can_change && hasBegun(one) ? words("change-begun") : "",
    note: one.note,
    reason: one.reason,
    rows,
    ordered: one.difference_fen ? words("ordered-for", { amount: yuan(one.total_fen) }) : "",
    less: one.difference_fen < 0 ? words("less", { amount: yuan(-one.difference_fen) }) : "",
    "to-pay": words(one.charged_fen === null ? "total-so-far" : "to-pay"),
    total: yuan(one.charged_fen ?? one.total_fen),
  });
  for (const button of screen.querySelectorAll("[data-do=change], [data-do=cancel]")) button.hidden = !one.can_change;
  on(screen, "change", () => menu(one.window.id, one).catch(sorry));
  on(screen, "cancel", () => cancel(one));
  on(screen, "receipt", () => busy(screen, () => receipt(screen, one)));
  open(screen, "orders");
}

// Whether other quantities were tapped here, and not sent: menu.js keeps them beside what they were tapped upon.
function hasBegun({ id }) {
  const base = keep.read(`change.${id}.base`) ?? {};
  const mine = keep.read(`change.${id}`) ?? base;
  return Object.keys({ ...base, ...mine }).some((offer) => base[offer]?.quantity !== mine[offer]?.quantity);
}

// Plain lines, to be kept, sent on or printed.
async function receipt(screen, one) {
  try {
    const { text } = await ask(`/orders/${one.id}/receipt`);
    fill(screen, { receipt: text });
    screen.querySelector("[data-do=receipt]").hidden = true;
  } catch (error) {
    sorry(error);
  }
}

function cancel(one) {
  const screen = made("cancel", { title: one.window.title, number: words("number", { number: one.number }), total: yuan(one.total_fen) });
  on(screen, "back", () => order(one.id).catch(sorry));
  on(screen, "cancel", () => busy(screen, async () => {
    try {
      await command(`/orders/${one.id}/cancel`);
      await order(one.id);
      say(words("cancelled-now"), "good");
    } catch (error) {
      sorry(error);
    }
  }));
  open(screen, "orders");
}
