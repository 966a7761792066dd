// A form that is under way is not sent a second time; its buttons wait. The server counts a form once all the same.
"use strict";

{
  const WAIT_MS = 10_000;
  const underWay = new Map();

  const free = (form) => {
    for (const button of underWay.get(form) ?? []) button.disabled = false;
    underWay.delete(form);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (underWay.has(form)) {
      event.preventDefault();
      return;
    }
    const buttons = [...form.elements].filter((part) => part.localName === "button" && !part.disabled);
    underWay.set(form, buttons);
    setTimeout(() => { for (const button of buttons) button.disabled = true; }); // the pressed one is sent along
    setTimeout(() => free(form), WAIT_MS); // no answer: let the person try again
  });

  // A page from the browser's back cache comes as it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of [...underWay.keys()]) free(form);
  });
}
