// A file may be dropped on the zone as well as chosen; without this file choosing still works.
"use strict";

for (const zone of document.querySelectorAll("[data-drop-file]")) {
  const input = zone.querySelector("input[type=file]");
  const text = zone.querySelector("[data-drop-text]");

  const say = () => {
    if (!input.files.length) return;
    text.textContent = input.files[0].name;
    zone.classList.add("has-file");
  };
  const over = (is) => (event) => {
    event.preventDefault();
    zone.classList.toggle("is-over", is);
  };
  zone.addEventListener("dragenter", over(true));
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    if (!event.dataTransfer.files.length) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    say();
  });
  input.addEventListener("change", say);
  say();
}

// A file dropped beside the zone must not open in the window and lose the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
