// Files may be dropped on the zone as well as chosen; without this file choosing still works.
"use strict";

for (const zone of document.querySelectorAll("[data-drop-file]")) {
  const input = zone.querySelector("input[type=file]");
  const text = zone.querySelector("[data-drop-text]");
  const asked = text.textContent;

  const say = () => {
    const names = [...input.files].map((file) => file.name);
    text.textContent = names.length > 2 ? `${names[0]} 等 ${names.length} 个文件` : names.join("、") || asked;
    zone.classList.toggle("has-file", names.length > 0);
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
    const dropped = new DataTransfer();
    const many = input.multiple ? event.dataTransfer.files.length : 1;
    for (const file of [...event.dataTransfer.files].slice(0, many)) dropped.items.add(file);
    if (!dropped.files.length) return;
    input.files = dropped.files;
    say();
  });
  input.addEventListener("change", say);
  say();
}

// A file dropped beside the zone must not open in the window and lose the page.
for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
