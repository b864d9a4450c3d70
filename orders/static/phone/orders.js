// What I ordered, what I got, what it cost.

import { ask, list } from "./api.js";
import * as keep from "./keep.js";
import { menu } from "./menu.js";
import { busy, date, fill, made, moment, on, open, say, sorry, words, yuan } from "./show.js";

export async function orders() {
  const mine = await list("/orders", 60);
  const screen = made("orders");
  const rows = mine.map((order) => {
    const row = made("order-row", {
      title: order.window.title,
      number: words("number", { number: order.number }),
      total: yuan(order.charged_fen ?? order.total_fen),
      status: state(order),
      placed: moment(order.placed_at),
      household: order.household,
    });
    row.querySelector("a").href = `#/orders/${order.id}`;
    return row;
  });
  fill(screen, { rows, none: rows.length ? null : words("no-order") });
  open(screen, "orders");
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
    placed: moment(one.placed_at),
    household: one.household,
    deliver: one.window.deliver_on ? words("delivered", { day: date(one.window.deliver_on) }) : "",
    note: one.note,
    reason: one.reason,
    rows,
    ordered: one.difference_fen ? yuan(one.total_fen) : "",
    total: yuan(one.charged_fen ?? one.total_fen),
  });
  for (const button of screen.querySelectorAll("[data-do=change], [data-do=cancel]")) button.hidden = !one.can_change;
  on(screen, "change", () => menu(one.window.id, one).catch(sorry));
  on(screen, "cancel", () => cancel(one));
  open(screen, "orders");
}

function cancel(one) {
  const screen = made("cancel", { title: one.window.title, number: words("number", { number: one.number }), total: yuan(one.total_fen) });
  on(screen, "back", () => order(one.id).catch(sorry));
  on(screen, "cancel", () => busy(screen, async () => {
    // The same key for each try of this one wish.
    const key = keep.read(`cancel.${one.id}`) ?? keep.secret(18);
    keep.write(`cancel.${one.id}`, key);
    try {
      await ask(`/orders/${one.id}/cancel`, { method: "POST", body: {}, key });
      keep.forget(`cancel.${one.id}`);
      await order(one.id);
      say(words("cancelled-now"), "good");
    } catch (error) {
      sorry(error);
    }
  }));
  open(screen, "orders");
}

export async function inbox() {
  const messages = await list("/me/messages", 50);
  const screen = made("inbox");
  const rows = messages.filter((message) => message.text).map((message) =>
    made("message-row", { text: message.text, at: moment(message.created_at) }));
  fill(screen, { rows, none: rows.length ? null : words("no-message") });
  open(screen, "inbox");
}

export async function me(signOut) {
  const who = await ask("/me");
  const screen = made("me", { name: who.name });
  const rows = who.households.map((one) => made("home-row", { home: `${one.community.name} ${one.building} ${one.room}` }));
  fill(screen, { rows });
  on(screen, "sign-out", () => busy(screen, signOut));
  open(screen, "me");
}
