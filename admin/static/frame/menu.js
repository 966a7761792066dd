// Remembers which groups of the menu and which drop-downs are open. The menu works without it.
"use strict";

const remembered = () => JSON.parse(localStorage.getItem("menu") || "{}");

for (const group of document.querySelectorAll("[data-menu]")) {
  const name = group.dataset.menu;
  if (name in remembered() && !group.querySelector("[aria-current]")) group.open = remembered()[name];
  group.addEventListener("toggle", () => {
    localStorage.setItem("menu", JSON.stringify({ ...remembered(), [name]: group.open }));
  });
}

// Where the menu scrolls by itself; on a narrow screen it stands below the content, which comes first.
const menu = document.querySelector(".side nav");
if (menu && menu.scrollHeight > menu.clientHeight) menu.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });

// A drop-down closes on Escape and on a click elsewhere.
const drops = () => document.querySelectorAll("details.drop[open]");

document.addEventListener("click", (event) => {
  for (const drop of drops()) if (!drop.contains(event.target)) drop.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  for (const drop of drops()) {
    drop.open = false;
    drop.querySelector("summary").focus();
  }
});
