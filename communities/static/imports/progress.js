// Moves the progress bar; loads the page anew as soon as it has something new to show. Without scripts a meta element
// does the same every three seconds.

const bar = document.querySelector("progress[data-url]");

async function look() {
  try {
    const answer = await fetch(bar.dataset.url, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) {
      location.reload();
      return;
    }
    const { done, total, is_moving: isMoving } = await answer.json();
    if (!isMoving) {
      location.reload();
      return;
    }
    if (total) {
      bar.max = total;
      bar.value = done;
      document.querySelector("[data-count]").textContent = `${done} / ${total}`;
    }
  } catch {
    // The line is away for a moment: the next look will tell.
  }
  setTimeout(look, 1000);
}

if (bar) setTimeout(look, 600);
