// Screens are <template>s of the page, in the reader's language; here only values are put into them, as text.

const main = document.getElementById("view");

// Of one thing, if a language says that otherwise, the words are those of `name-one`.
export function words(name, values = {}) {
  const all = document.getElementById("words").content;
  const one = values.count === 1 && all.querySelector(`[data-word="${name}-one"]`);
  const text = (one || all.querySelector(`[data-word="${name}"]`)).textContent;
  return text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
}

// A copy of a template with its slots filled: `{name: "text"}`; null or "" hides the slot.
export function made(name, values = {}) {
  const root = document.getElementById(`t-${name}`).content.cloneNode(true).firstElementChild;
  fill(root, values);
  return root;
}

export function fill(root, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const slot of root.querySelectorAll(`[data-slot="${name}"]`)) {
      if (value instanceof Node) slot.replaceChildren(value);
      else if (Array.isArray(value)) slot.replaceChildren(...value);
      else slot.textContent = value ?? "";
      slot.hidden = value === null || value === undefined || value === "";
    }
  }
}

export function open(screen, tab = "") {
  main.replaceChildren(screen);
  for (const link of document.querySelectorAll("#tabs a")) {
    if (link.dataset.tab === tab) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  window.scrollTo(0, 0);
  const heading = screen.querySelector("h1");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

export function say(text, kind = "error") {
  const place = document.getElementById("said");
  place.className = kind;
  place.textContent = text;
  place.hidden = !text;
}

export function on(root, action, work) {
  for (const element of root.querySelectorAll(`[data-do="${action}"]`)) {
    element.addEventListener(element.matches("form") ? "submit" : "click", (event) => {
      event.preventDefault();
      work(event);
    });
  }
}

// One thing at a time: a second tap while the first is under way does nothing.
export async function busy(root, work) {
  const buttons = [...root.querySelectorAll("button")].filter((button) => !button.disabled);
  for (const button of buttons) button.disabled = true;
  document.body.classList.add("waiting");
  try {
    return await work();
  } finally {
    for (const button of buttons) button.disabled = false;
    document.body.classList.remove("waiting");
  }
}

// Before what cannot be taken back; the words are those of `ask-{what}` and `ask-{what}-more`.
export function question(what, values, { yes, no }) {
  const screen = made("question", { title: words(`ask-${what}`, values), more: words(`ask-${what}-more`, values) });
  on(screen, "yes", () => busy(screen, async () => yes()));
  on(screen, "no", no);
  open(screen, "me");
  say("");
}

// A sentence for whatever went wrong; the server's own where it has one. Of a form, what is wrong with which field.
export function sorry(error) {
  if (!("status" in error)) throw error;
  const wrong = error.code === "invalid" ? Object.entries(error.fields).map(complaint) : [];
  say(wrong.filter(Boolean).join(" ") || error.detail || words(error.status === 0 ? "offline" : "trouble"));
}

function complaint([name, said]) {
  const text = [said].flat().filter((sentence) => typeof sentence === "string").join(" ");
  const label = main.querySelector(`[name="${CSS.escape(name)}"]`)?.closest("label");
  const field = label?.firstChild?.textContent.trim();
  return text && field ? words("wrong-field", { field, text }) : text;
}

// A code as people type and paste it: 123 456, １２３４５６. What is none yet is asked for here, in plain words.
export function sixDigits(field) {
  const digits = field.value.normalize("NFKC").replace(/\D/g, "");
  if (digits.length === 6) return digits;
  throw Object.assign(new Error(), { status: 400, code: "", detail: words("six-digits"), fields: {} });
}

export const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

// Less, a number, more: `changed` gets the number wanted, which may be anything that was typed.
export function stepper(root, name) {
  const field = root.querySelector(".steps input");
  const [less, more] = root.querySelectorAll(".steps button");
  field.setAttribute("aria-label", words("pieces-of", { name }));
  less.setAttribute("aria-label", words("less-of", { name }));
  more.setAttribute("aria-label", words("more-of", { name }));
  let last = field.value;
  field.addEventListener("focus", () => {
    last = field.value;
    field.select();
  });
  // As a keyboard for Chinese writes them: ２, 2份. What is no number changes nothing.
  const typed = () => {
    const text = field.value.normalize("NFKC").trim();
    const whole = text ? Number.parseInt(text, 10) : 0;
    return Number.isNaN(whole) ? last : whole;
  };
  const changed = (put) => {
    less.addEventListener("click", () => put(Number(field.value) - 1));
    more.addEventListener("click", () => put(Number(field.value) + 1));
    field.addEventListener("change", () => put(typed()));
  };
  return { field, less, more, changed };
}

export const yuan = (fen) => `¥${(fen < 0 ? "-" : "") + Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, "0")}`;

// 4月21日 周四 12:00, with 今天 and 明天 in front; times carry the community's offset, and are shown by it.
export function moment(text) {
  const [day, clock] = [text.slice(0, 10), text.slice(11, 16)];
  const offset = text.slice(19).replace(/^\.\d+/, "");
  return `${date(day, offset)} ${clock}`;
}

export function date(day, offset = "+08:00") {
  const [year, month, number] = day.split("-").map(Number);
  const at = new Date(Date.UTC(year, month - 1, number));
  const style = { month: "short", day: "numeric", weekday: "short", timeZone: "UTC" };
  const shown = new Intl.DateTimeFormat(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", style).format(at);
  const apart = Math.round((at - today(offset)) / 86400000);
  const near = apart === 0 ? words("today") : apart === 1 ? words("tomorrow") : "";
  return near ? `${near} ${shown}` : shown;
}

function today(offset) {
  const found = /^([+-])(\d\d):(\d\d)$/.exec(offset);
  const minutes = found ? (found[1] === "-" ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
  const there = new Date(Date.now() + minutes * 60000);
  return Date.UTC(there.getUTCFullYear(), there.getUTCMonth(), there.getUTCDate());
}
