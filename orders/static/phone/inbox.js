// What happened: new ones are marked, and are read once they were seen. The tab says how many are new.

import { ask, command } from "./api.js";
import { fill, made, moment, open, words } from "./show.js";

export async function inbox() {
  const page = await ask("/me/messages?limit=50");
  const screen = made("inbox");
  const rows = page.results.filter((message) => message.text).map((message) => {
    const row = made("message-row", {
      text: message.text,
      at: moment(message.created_at),
      "new": message.read_at ? "" : words("new"),
    });
    row.classList.toggle("new", !message.read_at);
    return row;
  });
  fill(screen, { rows, none: rows.length ? null : words("no-message") });
  open(screen, "inbox");
  count(page.unread);
  if (page.unread && page.results.length) await read(page.results[0].cursor);
}

async function read(cursor) {
  try {
    count((await command("/me/messages/read", { up_to: cursor })).unread);
  } catch {
    // They stay new until the next look.
  }
}

// Beside whatever is shown; nothing waits for it.
export async function look() {
  try {
    count((await ask("/me/messages?limit=1")).unread);
  } catch {
    // The number is a courtesy.
  }
}

function count(unread) {
  const tab = document.querySelector("#tabs [data-tab=inbox]");
  fill(tab, { unread: unread ? String(Math.min(unread, 99)) : "" });
  fill(tab, { "unread-words": unread ? words("unread", { count: unread }) : "" });
}
