// Moves the progress bar; reloads the page as soon as it has something new to show.
"use strict";
(function () {
  const bar = document.querySelector("progress[data-url]");
  if (!bar) return;
  const done = document.querySelector("[data-done]");
  const total = document.querySelector("[data-total]");
  async function look() {
    try {
      const answer = await fetch(bar.dataset.url, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return window.location.reload();
      const state = await answer.json();
      if (!state.is_moving) return window.location.reload();
      if (state.total) {
        bar.max = state.total;
        bar.value = state.done;
        done.textContent = state.done;
        total.textContent = state.total;
      }
    } catch {
      // The line is away for a moment: the next look tells.
    }
    setTimeout(look, 1000);
  }
  setTimeout(look, 600);
})();
