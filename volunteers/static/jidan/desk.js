"use strict";

// Nothing here is needed: without scripts the page refreshes itself by a meta element and buttons just post.

const round = document.getElementById("round");

function isTyping() {
  const field = document.activeElement;
  return Boolean(field && "value" in field && field.matches("input, textarea") && field.value);
}

function bar(work) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = work.name;
  const progress = document.createElement("progress");
  item.append(name, progress);
  if (work.total) {
    progress.max = work.total;
    progress.value = work.done;
    const count = document.createElement("span");
    count.className = "small";
    count.textContent = `${work.done}/${work.total}`;
    item.append(count);
  }
  return item;
}

async function look() {
  try {
    const answer = await fetch(round.dataset.progress, { headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) {
      const { version, work } = await answer.json();
      if (version !== round.dataset.version && !isTyping()) {
        location.reload();
        return;
      }
      const card = document.querySelector(".work");
      card.hidden = work.length === 0;
      card.querySelector("ul").replaceChildren(...work.map(bar));
    }
  } catch {
    // The network comes and goes in a stairwell; the next look will tell.
  }
  setTimeout(look, 1000 * Number(round.dataset.every));
}

if (round) setTimeout(look, 1000 * Number(round.dataset.every));

document.addEventListener("submit", (event) => {
  // A second tap while the first is under way would only find the work done.
  if (event.target.method !== "post") return;
  const switchOff = (off) => event.target.querySelectorAll("button").forEach((button) => { button.disabled = off; });
  setTimeout(() => switchOff(true));
  // A paper is saved, and the page stays: the next one may be printed in a while.
  if ("paper" in event.target.dataset) setTimeout(() => switchOff(false), 4000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("button:disabled").forEach((button) => { button.disabled = false; });
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy], button[data-tick]");
  if (!button) return;
  if (button.dataset.tick) {
    const on = button.dataset.tick === "all";
    button.form.querySelectorAll("input[type=checkbox]").forEach((box) => { box.checked = on; });
    return;
  }
  const area = document.getElementById(button.dataset.copy);
  // Selected in any case: where a browser lets no script copy, the person's own menu does.
  area.focus();
  area.select();
  area.setSelectionRange(0, area.value.length);
  let copied = true;
  try {
    await navigator.clipboard.writeText(area.value);
  } catch {
    copied = document.execCommand("copy");
  }
  button.textContent = copied ? button.dataset.done : button.dataset.failed || button.dataset.done;
});
