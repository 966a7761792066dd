// Asks before leaving a form whose text has not been saved, and saves on Ctrl+S.
"use strict";

for (const form of document.querySelectorAll("form[data-unsaved]")) {
  const text = () => new URLSearchParams(new FormData(form)).toString();
  const opened = text();
  let isSaving = false;
  form.addEventListener("submit", () => { isSaving = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!isSaving && text() !== opened) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  const firstError = form.querySelector("[aria-invalid=true]");
  const asked = form.matches("[data-new]") ? [...form.querySelectorAll(".fields > .field")] : [];
  const musts = asked.filter((field) => field.querySelector(".must"));
  const firstEmpty = musts.map((field) => field.querySelector("input:not([type=hidden]), select, textarea")).find((field) => !field.value);
  if (firstError || firstEmpty) (firstError || firstEmpty).focus();
}
