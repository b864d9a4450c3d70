// For whom: a child often orders for its parents too. Whoever orders for several households says for which, and sees it
// again before the order is sent; nothing is chosen for him.

import { ask, list } from "./api.js";
import * as keep from "./keep.js";
import { made, open, sum, words, yuan } from "./show.js";

// Kept, so that a menu on a slow line need not ask again.
export async function refresh() {
  const who = await ask("/me");
  const all = who.households.map((one) => ({
    id: one.id,
    door: `${one.building} ${one.room}`,
    community: one.community.name,
    substitutes: one.substitutes,
  }));
  keep.write("homes", all);
  return { name: who.name, phone: who.phone, isConfirmed: who.phone_is_confirmed, homes: all, hasPost: who.memberships.some((one) => one.role !== "resident") };
}

export async function homes() {
  return keep.read("homes") ?? (await refresh()).homes;
}

// Two doors of two communities may have the same number.
export function nameOf(home, all) {
  const isOneCommunity = all.every((one) => one.community === home.community);
  return isOneCommunity ? home.door : `${home.community} ${home.door}`;
}

// Of an order or a place in a line; "" for whoever has one household only.
export async function doorOf(row) {
  const all = await homes();
  const home = all.find((one) => one.id === row.household_id);
  return home && all.length > 1 ? nameOf(home, all) : "";
}

export const lineFor = (door) => (door ? words("for", { home: door }) : "");

// Of the households that may order in this group buy; where it is one only, nobody needs to choose.
export async function choose(window, { chosen }) {
  const [{ homes: all }, orders, one] = await Promise.all([
    refresh(),
    list(`/orders?window=${window}&status=placed`),
    ask(`/windows/${window}`),
  ]);
  const able = all.filter((home) => one.my_households.includes(home.id));
  // Where none may order any more, what was is still looked at.
  const fitting = able.length ? able : all;
  if (fitting.length === 1) {
    chosen(fitting[0]);
    return;
  }
  const rows = fitting.map((home) => {
    const here = orders.filter((order) => order.household_id === home.id);
    const row = made("home-choice", {
      home: nameOf(home, all),
      mine: here.length ? words("ordered-already", { amount: yuan(sum(here.map((order) => order.total_fen))) }) : "",
    });
    row.querySelector("button").addEventListener("click", () => chosen(home));
    return row;
  });
  open(made("for-whom", { rows, title: one.title }), "windows");
}
