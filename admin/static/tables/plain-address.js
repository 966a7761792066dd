// Keeps list addresses short enough to read and share: empty fields do not travel, and ticked columns become one word.
"use strict";

for (const form of document.querySelectorAll("form[data-plain-address]")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      const isTextOfPicked = field.dataset.pickedText !== undefined && form.elements[field.dataset.pickedText].value;
      if (field.name && (field.value === "" || isTextOfPicked)) field.disabled = true;
    }
    // Coming back by the browser's button must find the fields usable again.
    setTimeout(() => { for (const field of form.elements) field.disabled = false; });
  });
}

for (const form of document.querySelectorAll("form[data-join]")) {
  form.addEventListener("submit", () => {
    const boxes = [...form.querySelectorAll(`[name="${form.dataset.join}"]`)];
    const joined = document.createElement("input");
    joined.type = "hidden";
    joined.name = form.dataset.join;
    joined.value = boxes.filter((box) => box.checked).map((box) => box.value).join(",");
    for (const box of boxes) box.disabled = true;
    form.append(joined);
    setTimeout(() => { joined.remove(); for (const box of boxes) box.disabled = false; });
  });
}
