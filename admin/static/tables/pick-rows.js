// Ticks all rows of the page at once and says how many are ticked. Without it the boxes and buttons still work.
"use strict";

const all = document.querySelector("[data-pick-all]");
const boxes = [...document.querySelectorAll('input[name="rowid"]')];
const bulk = document.getElementById("bulk");

function show() {
  const picked = boxes.filter((box) => box.checked).length;
  bulk.hidden = picked === 0;
  bulk.querySelector("[data-picked]").textContent = `已选 ${picked} 条`;
  all.checked = picked > 0 && picked === boxes.length;
  all.indeterminate = picked > 0 && picked < boxes.length;
}

if (all && bulk) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
