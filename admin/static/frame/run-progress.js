// Shows how far a background run is, second by second, and reloads the page at its end.
// Without this file the page says the same whenever it is loaded again.
"use strict";

const root = document.querySelector("[data-run]");
const bar = root.querySelector("progress");
const text = root.querySelector("[data-run-text]");

function show(run) {
  if (run.state !== "进行") return;
  const known = run.total ? `共 ${run.total} 行，正在进行……` : "正在进行……";
  text.textContent = run.done ? `${run.done} / ${run.total}` : known;
  if (run.done) {
    bar.max = run.total;
    bar.value = run.done;
  }
}

async function look() {
  try {
    const answer = await fetch(root.dataset.run, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const run = await answer.json();
      if (!["等待", "进行"].includes(run.state)) return void location.reload();
      show(run);
    }
  } catch {
    // The network was away for a moment; the next look tells.
  }
  setTimeout(look, 1000);
}

setTimeout(look, 1000);
