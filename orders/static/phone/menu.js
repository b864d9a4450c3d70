// The menu of a group buy: tap quantities, read them back, send. The basket outlives a reload.

import { ask, list, picture } from "./api.js";
import * as keep from "./keep.js";
import { choose, homes, lineFor, nameOf, refresh } from "./homes.js";
import { look } from "./inbox.js";
import { surveyRows } from "./needs.js";
import { deliver } from "./sending.js";
import { busy, date, fill, made, moment, on, open, say, sorry, stepper, sum, words, yuan } from "./show.js";
import { join } from "./waiting.js";

const MANY = 9999;

export async function windows() {
  const [now, mine, surveys] = await Promise.all([list("/windows?status=open"), list("/orders?status=placed", 50), surveyRows(), refresh()]);
  const screen = made("windows");
  const rows = now.map((one) => {
    const ordered = mine.filter((order) => order.window.id === one.id);
    const row = made("window-row", {
      title: one.title,
      supplier: one.supplier,
      closes: when(one),
      deliver: one.deliver_on ? words("delivered", { day: date(one.deliver_on) }) : "",
      mine: ordered.length ? words("ordered-already", { amount: yuan(sum(ordered.map((order) => order.total_fen))) }) : "",
    });
    row.querySelector("a").href = `#/windows/${one.id}`;
    return row;
  });
  fill(screen, { rows, surveys, none: rows.length ? null : words("no-window") });
  screen.querySelector("[data-when=surveys]").hidden = !surveys.length;
  open(screen, "windows");
  look();
}

// Milliseconds until it opens, by the server's clock where that is known; not above 0: it has opened.
const untilOpening = (one) => Date.parse(one.opens_at) - (one.server_time ? Date.parse(one.server_time) : Date.now());

function when(one) {
  if (one.takes_orders) return words("until", { at: moment(one.closes_at) });
  return untilOpening(one) > 0 ? words("opens", { at: moment(one.opens_at) }) : words("closed");
}

// `order`: an order to be changed; without one the basket becomes a new order.
export async function menu(id, order = null) {
  const all = await homes();
  const wanted = order ? order.household_id : keep.read(`home.${id}`);
  const home = all.length > 1 ? all.find((one) => one.id === wanted) : all[0];
  if (!home) {
    await forWhom(id);
    return;
  }
  let one;
  let before = [];
  try {
    [one, before] = await Promise.all([
      ask(`/windows/${id}${all.length > 1 ? `?household=${home.id}` : ""}`),
      order ? [] : list(`/orders?window=${id}&status=placed`),
    ]);
  } catch (error) {
    if (error.status !== 404 || all.length < 2 || order) throw error;
    // Moved out of it, or it is of another community.
    keep.forget(`home.${id}`);
    await forWhom(id);
    say(words("not-for", { home: nameOf(home, all) }));
    return;
  }
  const name = order ? `change.${order.id}` : `basket.${id}.${home.id}`;
  const basket = new Map(Object.entries(order ? change(order, name) : (keep.read(name) ?? {})));
  const view = new Menu(one, order, name, basket);
  before = before.filter((other) => other.household_id === home.id);
  Object.assign(view, { home, before, isOneOfSeveral: all.length > 1, door: all.length > 1 ? nameOf(home, all) : "" });
  view.open();
}

async function forWhom(id) {
  const chosen = (home) => {
    keep.write(`home.${id}`, home.id);
    menu(id).catch(sorry);
  };
  await choose(id, { chosen });
}

function linesOf(order) {
  return Object.fromEntries(order.lines.map((line) => [line.offer, { quantity: line.quantity, tolerance: line.tolerance }]));
}

// What the person has begun to change stays, but what came into the order since (out of a waiting list, by somebody at
// home) is not taken off by it: kept beside the basket is what the order was when it was begun.
function change(order, name) {
  const now = linesOf(order);
  const base = keep.read(`${name}.base`);
  const mine = (base && keep.read(name)) ?? now;
  keep.write(`${name}.base`, now);
  const ids = Object.keys({ ...now, ...mine });
  const isMine = (id) => mine[id]?.quantity !== (base ?? now)[id]?.quantity;
  return Object.fromEntries(ids.map((id) => [id, isMine(id) ? mine[id] : now[id]]).filter(([, line]) => line));
}

class Menu {
  constructor(one, order, name, basket) {
    Object.assign(this, { window: one, order, name, basket });
    this.offers = new Map(one.offers.map((offer) => [offer.id, offer]));
    // What is no longer on the menu cannot be ordered anew; the person is told.
    this.gone = [...basket.keys()].filter((id) => !this.offers.get(id)?.is_active && !this.own(id));
    for (const id of this.gone) basket.delete(id);
  }

  own(id) {
    return this.order?.lines.find((line) => line.offer === id)?.quantity ?? 0;
  }

  open() {
    const { window: one, order } = this;
    this.screen = made("menu", {
      title: one.title,
      closes: when(one),
      deliver: one.deliver_on ? words("delivered", { day: date(one.deliver_on) }) : "",
      notice: one.notice,
      progress: progress(one),
      changing: order ? words("changing", { number: order.number }) : "",
      "home-line": lineFor(this.door),
      before: this.had("ordered-here"),
    });
    const [only, another] = this.before;
    const link = this.screen.querySelector("[data-when=before]");
    link.hidden = !only;
    if (only && !another) link.href = `#/orders/${only.id}`;
    const groups = new Map();
    for (const offer of one.offers) {
      if (!offer.is_active && !this.basket.has(offer.id)) continue;
      groups.set(offer.category, [...(groups.get(offer.category) ?? []), offer]);
    }
    const sections = [...groups].map(([category, offers]) => {
      const rule = this.rule(category);
      const limit = rule ? words("category-limit", { count: rule.household_limit }) : "";
      return made("category", { category, limit, rows: offers.map((offer) => this.row(offer)) });
    });
    fill(this.screen, { sections });
    on(this.screen, "review", () => this.review());
    on(this.screen, "empty", () => this.empty());
    on(this.screen, "again", () => busy(this.screen, () => this.again()));
    on(this.screen, "for-whom", () => busy(this.screen, () => forWhom(one.id).catch(sorry)));
    this.screen.querySelector(".for").hidden = !this.isOneOfSeveral;
    if (order) for (const button of this.screen.querySelectorAll("[data-do=again], [data-do=for-whom]")) button.hidden = true;
    this.count();
    open(this.screen, "windows");
    this.wake();
    say(this.gone.length ? words("gone", { count: this.gone.length }) : "");
  }

  had(name) {
    return this.before.length ? words(name, { amount: yuan(sum(this.before.map((order) => order.total_fen))) }) : "";
  }

  // Who stands ready before the opening need not look again: at that moment the menu does.
  wake() {
    const { screen, window: one } = this;
    const wait = untilOpening(one);
    this.screen.querySelector(".bar").hidden = !one.takes_orders && wait <= 0;
    if (one.takes_orders || wait <= 0 || wait > 86400000) return;
    setTimeout(() => {
      if (screen.isConnected) menu(one.id).catch(sorry);
    }, wait + 500);
  }

  rule(category) {
    return this.window.category_limits.find((one) => one.category === category);
  }

  // As the household may have it, whether or not it is there.
  allowed(offer) {
    const limits = [MANY];
    if (offer.my_remaining_limit !== null) limits.push(offer.my_remaining_limit + this.own(offer.id));
    const rule = this.rule(offer.category);
    if (rule) {
      const others = this.window.offers.filter((one) => one.category === offer.category);
      const inBasket = sum(others.map((one) => (one === offer ? 0 : (this.basket.get(one.id)?.quantity ?? 0))));
      limits.push(rule.my_remaining_limit + sum(others.map((one) => this.own(one.id))) - inBasket);
    }
    return Math.max(0, Math.min(...limits));
  }

  most(offer) {
    const there = offer.remaining === null ? MANY : offer.remaining + this.own(offer.id);
    return Math.min(there, this.allowed(offer));
  }

  row(offer) {
    const perJin = offer.price_per_500g_fen;
    const row = made("offer", {
      number: offer.short_number,
      name: offer.name,
      spec: offer.spec,
      description: offer.description,
      price: yuan(offer.price_fen),
      unit: offer.unit,
      "per-jin": perJin ? words(offer.weight_is_about ? "per-jin-about" : "per-jin", { price: yuan(perJin) }) : "",
      left: offer.remaining === null ? "" : offer.remaining ? words("left", { count: offer.remaining }) : words("sold-out"),
      limit: offer.household_limit === null ? "" : words("limit", { count: offer.household_limit }),
    });
    const { field, more, changed } = stepper(row, offer.name);
    const put = (quantity) => {
      const most = this.most(offer);
      const taken = Math.max(0, Math.min(most, Math.trunc(Number(quantity)) || 0));
      if (Number(quantity) > most) say(words("at-most", { count: most, name: offer.name }));
      if (taken) this.basket.set(offer.id, { quantity: taken, tolerance: 0 });
      else this.basket.delete(offer.id);
      field.value = taken;
      row.classList.toggle("wanted", taken > 0);
      this.count();
    };
    field.value = this.basket.get(offer.id)?.quantity ?? 0;
    row.classList.toggle("wanted", Number(field.value) > 0);
    const isOut = this.most(offer) === 0 && !Number(field.value);
    row.classList.toggle("sold-out", isOut);
    field.disabled = more.disabled = isOut;
    changed(put);
    this.line(offer, row, isOut);
    if (!this.window.takes_orders && untilOpening(this.window) <= 0) row.querySelector(".steps").hidden = true;
    if (offer.photo) this.show(offer, row.querySelector("img"));
    return row;
  }

  // The waiting list of what is sold out.
  line(offer, row, isOut) {
    const { my_wait: mine } = offer;
    const most = Math.min(this.allowed(offer), offer.my_wait_limit ?? 0);
    const mayWait = !mine && this.window.takes_orders && offer.is_active && offer.remaining === 0 && most > 0;
    fill(row, { waits: mine ? words("in-line", { place: mine.place, count: mine.quantity, unit: offer.unit }) : "" });
    row.querySelector("[data-slot=waits]").href = mine ? `#/waiting/${mine.id}` : "#/";
    const button = row.querySelector("[data-do=wait]");
    button.hidden = !mayWait;
    button.setAttribute("aria-label", words("wait-for", { name: offer.name }));
    row.querySelector(".steps").hidden = isOut && (mayWait || Boolean(mine));
    on(row, "wait", () => join(this, offer, most, async (text, kind) => {
      await menu(this.window.id, this.order);
      say(text, kind);
    }));
  }

  // Pictures come when they come near the screen: a slow line carries words first.
  show(offer, image) {
    const watch = new IntersectionObserver(async ([seen]) => {
      if (!seen.isIntersecting) return;
      watch.disconnect();
      try {
        image.src = await picture(offer.photo);
        image.hidden = false;
      } catch {
        // No picture is no trouble.
      }
    });
    watch.observe(image.parentElement);
  }

  lines() {
    return this.window.offers
      .filter((offer) => this.basket.has(offer.id))
      .map((offer) => ({ offer, ...this.basket.get(offer.id) }));
  }

  total() {
    return sum(this.lines().map((line) => line.quantity * this.price(line.offer)));
  }

  price(offer) {
    return offer.price_fen;
  }

  count() {
    keep.write(this.name, Object.fromEntries(this.basket));
    const pieces = sum(this.lines().map((line) => line.quantity));
    fill(this.screen, { total: yuan(this.total()), pieces: words("pieces", { count: pieces }) });
    this.screen.querySelector(".bar [data-do=review]").disabled = pieces === 0 || !this.window.takes_orders;
  }

  // Of a new order nothing is left; one that is changed is again what it was.
  empty() {
    this.basket = new Map(Object.entries(this.order ? linesOf(this.order) : {}));
    this.open();
  }

  async again() {
    try {
      const household = this.isOneOfSeveral ? `?household=${this.home.id}` : "";
      const last = await ask(`/windows/${this.window.id}/suggestion${household}`);
      if (!last.last_order) {
        say(words("again-none"), "good");
        return;
      }
      for (const line of last.order?.lines ?? []) {
        this.basket.set(line.offer, { quantity: line.quantity, tolerance: line.tolerance });
      }
      const missing = last.lines.filter((line) => line.quantity < line.wanted).map((line) => line.name);
      const dearer = last.lines.filter((line) => line.quantity && line.dearer_by_fen > 0);
      this.open();
      const told = [
        words(missing.length ? "again-missing" : "again-done", { names: missing.join("、") }),
        ...dearer.map((line) => words("again-dearer", { name: line.name, amount: yuan(line.dearer_by_fen) })),
      ];
      say(told.join(" "), missing.length || dearer.length ? "error" : "good");
    } catch (error) {
      sorry(error);
    }
  }

  // Read back before it is sent: large, one line each.
  review() {
    const rows = this.lines().map((line) => made("review-row", {
      number: line.offer.short_number,
      name: line.offer.name,
      spec: line.offer.spec,
      quantity: `${line.quantity} ${line.offer.unit}`,
      amount: yuan(line.quantity * line.offer.price_fen),
    }));
    const screen = made("review", { title: this.window.title, "home-line": lineFor(this.door), "on-top": this.had("on-top"), rows, total: yuan(this.total()) });
    const form = screen.querySelector("form");
    form.elements.note.value = keep.read(`${this.name}.note`) ?? this.order?.note ?? "";
    form.elements.note.addEventListener("input", () => keep.write(`${this.name}.note`, form.elements.note.value));
    if (this.order?.substitutes) form.elements.substitutes.value = this.order.substitutes;
    on(screen, "back", () => this.open());
    on(screen, "send", () => busy(screen, () => this.send(form)));
    open(screen, "windows");
    say("");
  }

  async send(form) {
    const body = {
      lines: this.lines().map((line) => ({ offer: line.offer.id, quantity: line.quantity, tolerance: line.tolerance })),
      expected_total_fen: this.total(),
      note: form.elements.note.value.trim(),
    };
    if (form.elements.substitutes.value) body.substitutes = form.elements.substitutes.value;
    if (this.order) body.expected_version = this.order.version;
    else if (this.isOneOfSeveral) body.household = this.home.id;
    await deliver({
      method: this.order ? "PUT" : "POST",
      path: this.order ? `/orders/${this.order.id}` : `/windows/${this.window.id}/orders`,
      body,
      key: keep.secret(18),
      basket: this.name,
      window: this.window.id,
      home: this.door,
    });
  }
}

function progress({ minimum, households }) {
  if (!minimum?.minimum) return households ? words("so-far", { count: households }) : "";
  const show = (number) => (minimum.measure === "fen" ? yuan(number) : words(`measure-${minimum.measure}`, { count: number }));
  return words("progress", { wanted: show(minimum.wanted), minimum: show(minimum.minimum) });
}
