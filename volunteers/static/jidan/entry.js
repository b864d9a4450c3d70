"use strict";

// Only hurries: every page of it works as a plain form. What the lines mean the server decides.

// The same as orders/placing/shorthand.py: { wanted: Map(number → pieces), wrong: [text] }.
function readShorthand(text) {
  const unit = "(?:份|个|袋|盒|包|瓶|箱|斤|条|只|块|板|桶|棵|把|罐|提|件)?";
  const bound = new RegExp(`^#?(\\d{1,6})号?\\*(\\d{1,6})${unit}$|^#?(\\d{1,6})号(\\d{1,6})${unit}$`);
  const alone = /^#?(\d{1,6})号?$/;
  const count = new RegExp(`^(\\d{1,6})${unit}$`);
  const found = { wanted: new Map(), wrong: [] };
  const take = (token, number, quantity) => {
    const total = (found.wanted.get(number) || 0) + quantity;
    if (quantity < 1 || total > 9999) found.wrong.push(token);
    else found.wanted.set(number, total);
  };
  for (const piece of text.normalize("NFKC").split(/[,;、。+\n\r]+/)) {
    const part = piece.trim().replace(/\s*[*xX×✕✖乘:]\s*/g, "*");
    const tokens = part.split(/\s+/).filter(Boolean);
    const pairs = tokens.map((token) => bound.exec(token));
    const singles = tokens.map((token) => alone.exec(token));
    const none = !pairs.some(Boolean);
    const second = none && tokens.length === 2 && singles[0] && count.exec(tokens[1]);
    if (second) {
      take(part, Number(singles[0][1]), Number(second[1]));
    } else if (none && tokens.length > 2 && singles.every(Boolean)) {
      found.wrong.push(part);
    } else {
      tokens.forEach((token, place) => {
        const pair = pairs[place];
        if (pair) take(token, Number(pair[1] || pair[3]), Number(pair[2] || pair[4]));
        else if (singles[place]) take(token, Number(singles[place][1]), 1);
        else found.wrong.push(token);
      });
    }
  }
  return found;
}

function make(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

function yuan(fen) {
  return `¥${(fen / 100).toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ",")}`;
}

// A browser sets the focus of a page when it first draws it, which may be after the first key. Here it is set at once,
// and a number that is typed beside every field goes where numbers are typed.
function takeKeys(field) {
  const isFree = () => !document.activeElement || !document.activeElement.matches("input, textarea, select");
  if (isFree()) field.focus();
  document.addEventListener("keydown", (event) => {
    if (/^[0-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey && isFree()) field.focus();
  });
}

// Which door: suggestions while it is typed, arrows to choose, Enter to go.
const doors = document.getElementById("doors");
if (doors) {
  const field = doors.elements.namedItem("q");
  const list = document.getElementById("suggested");
  let asked = 0;
  let timer = 0;
  takeKeys(field);

  const suggest = async () => {
    const turn = ++asked;
    const query = new URLSearchParams({ q: field.value, road: doors.elements.namedItem("road").value });
    try {
      const answer = await fetch(`${doors.dataset.doors}?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected || turn !== asked) return;
      const { homes } = await answer.json();
      list.replaceChildren(...homes.map((home) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = home.address;
        link.append(make("b", home.door), make("span", ` ${home.place}`, "small"));
        if (home.has_ordered) link.append(document.getElementById("ordered").content.cloneNode(true));
        item.append(link);
        return item;
      }));
    } catch {
      // Without an answer Enter still asks the server.
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, 120);
  });
  doors.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    if (event.target.tagName === "SELECT") return;
    const links = [...list.querySelectorAll("a")];
    const place = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    event.preventDefault();
    (links[place] || field).focus();
  });
}

// The lines: what they come to while they are typed; Enter on an empty line reads back.
const lines = document.getElementById("lines");
if (lines) {
  const field = lines.elements.namedItem("lines");
  const preview = document.getElementById("preview");
  const menu = new Map([...document.querySelectorAll("#menu li")].map((row) => [Number(row.dataset.number), row]));

  const show = () => {
    const { wanted, wrong } = readShorthand(field.value);
    const rows = [];
    let fen = 0;
    for (const [number, quantity] of wanted) {
      const offer = menu.get(number);
      const item = document.createElement("li");
      if (offer) {
        fen += quantity * Number(offer.dataset.fen);
        item.append(make("b", String(number), "short"), make("span", ` ${offer.dataset.name} × `), make("b", `${quantity}${offer.dataset.unit}`));
      } else {
        item.append(make("b", `${number}?`, "error"));
      }
      rows.push(item);
    }
    rows.push(...wrong.map((text) => {
      const item = document.createElement("li");
      item.append(make("b", `${text}?`, "error"));
      return item;
    }));
    preview.hidden = rows.length === 0;
    preview.querySelector("ul").replaceChildren(...rows);
    preview.querySelector(".sum b").textContent = yuan(fen);
  };
  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    const before = field.value.slice(0, field.selectionStart);
    if (!field.value.trim() || !/(^|\n)[ \t]*$/.test(before)) return;
    event.preventDefault();
    lines.requestSubmit(lines.querySelector("button[name=step][value=read]"));
  });
  takeKeys(field);
  field.setSelectionRange(field.value.length, field.value.length);
  show();

  const list = document.getElementById("menu");
  const find = document.createElement("input");
  find.type = "search";
  const label = make("label", list.dataset.find, "find");
  label.append(find);
  list.before(label);
  find.addEventListener("input", () => {
    const words = find.value.trim().toLowerCase();
    for (const row of menu.values()) row.hidden = Boolean(words) && !row.textContent.toLowerCase().includes(words);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const back = document.getElementById("back") || document.getElementById("away");
  if (back) back.click();
});
