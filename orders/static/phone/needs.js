// What no group buy offers: what a supplier asks us about, and what one household needs alone. Nothing is bought here.

import { ask, command, list } from "./api.js";
import { homes, nameOf } from "./homes.js";
import { busy, date, fill, made, moment, on, open, question, say, sorry, stepper, words, yuan } from "./show.js";

const MANY = 9999;

// For the first screen: what takes answers now. Beside the group buys it is a courtesy.
export async function surveyRows() {
  let all = [];
  try {
    all = (await ask("/surveys?limit=20")).results.filter((one) => one.takes_answers);
  } catch (error) {
    if (error.status === 401) throw error;
  }
  return all.map((one) => {
    const row = made("survey-row", {
      title: one.title,
      supplier: one.supplier,
      until: words("answer-until", { at: moment(one.open_until) }),
    });
    row.querySelector("a").href = `#/surveys/${one.id}`;
    return row;
  });
}

export async function survey(id) {
  const one = await ask(`/surveys/${id}`);
  const wanted = new Map(one.items.filter((item) => item.my_quantity).map((item) => [item.id, item.my_quantity]));
  const screen = made("survey", {
    title: one.title,
    supplier: one.supplier,
    until: one.takes_answers ? words("answer-until", { at: moment(one.open_until) }) : words("survey-over"),
    notice: one.notice,
    answered: one.answered_at ? words("answered", { at: moment(one.answered_at) }) : "",
    rows: one.items.map((item, place) => itemRow(item, place + 1, wanted, one.takes_answers)),
  });
  screen.querySelector("[data-do=answer]").hidden = !one.takes_answers;
  on(screen, "answer", () => busy(screen, async () => {
    say("");
    try {
      const lines = [...wanted].map(([item, quantity]) => ({ item, quantity }));
      await command(`/surveys/${id}/answer`, { lines }, "PUT");
      await survey(id);
      say(words("survey-thanks"), "good");
    } catch (error) {
      sorry(error);
    }
  }));
  open(screen, "windows");
}

function itemRow(item, number, wanted, takes) {
  const row = made("item-row", {
    number,
    name: item.name,
    spec: item.spec,
    price: item.price_fen === null ? "" : words("about-price", { price: yuan(item.price_fen), unit: item.unit }),
  });
  const { field, less, changed } = stepper(row, item.name);
  const put = (typed) => {
    const count = Math.min(MANY, Math.max(0, Math.floor(Number(typed)) || 0));
    if (count) wanted.set(item.id, count);
    else wanted.delete(item.id);
    field.value = count;
    less.disabled = !count;
    row.classList.toggle("wanted", count > 0);
  };
  changed(put);
  put(item.my_quantity);
  row.querySelector(".steps").hidden = !takes;
  fill(row, { mine: !takes && item.my_quantity ? words("wished", { count: item.my_quantity }) : "" });
  return row;
}

export async function requests() {
  const [rows, all] = await Promise.all([list("/requests", 50), homes()]);
  const screen = made("requests", { rows: rows.map((one) => requestRow(one, all.length > 1)) });
  const form = screen.querySelector("form");
  const choice = form.elements.household;
  choice.append(...all.map((home) => new Option(nameOf(home, all), home.id)));
  choice.closest("label").hidden = all.length < 2;
  on(screen, "ask", () => busy(screen, async () => {
    say("");
    try {
      await command("/requests", {
        what: form.elements.what.value.trim(),
        quantity: Number(form.elements.quantity.value),
        for_whom: form.elements.for_whom.value.trim(),
        note: form.elements.note.value.trim(),
        household: choice.value,
      });
      await requests();
      say(words("asked-now"), "good");
    } catch (error) {
      sorry(error);
    }
  }));
  open(screen, "me");
}

function requestRow(one, isOneOfSeveral) {
  const row = made("request-row", {
    state: words(`request-${one.status}`),
    what: `${one.what} ×${one.quantity}`,
    household: isOneOfSeveral ? one.household : "",
    about: [one.for_whom, one.note].filter(Boolean).join(" · "),
    promised: one.status === "promised" && one.promised_on ? words("promised-for", { day: date(one.promised_on) }) : "",
    answer: one.answer,
    asked: words("asked-at", { at: moment(one.asked_at) }),
  });
  row.querySelector(".chip").classList.toggle("amber", ["asked", "checking", "checked"].includes(one.status));
  row.querySelector("button").hidden = !one.can_withdraw;
  on(row, "withdraw", () => question("withdraw-request", { what: one.what }, {
    yes: () => withdraw(one),
    no: () => requests().catch(sorry),
  }));
  return row;
}

async function withdraw(one) {
  try {
    await command(`/requests/${one.id}/withdraw`);
    await requests();
    say(words("wish-withdrawn"), "good");
  } catch (error) {
    sorry(error);
  }
}
