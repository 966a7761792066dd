// Counts a long list after it is shown: the rows need not wait for their number.
"use strict";

for (const place of document.querySelectorAll("[data-count]")) {
  fetch(place.dataset.count, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : null))
    .then((counted) => { if (counted) place.textContent = counted.text; });
}
