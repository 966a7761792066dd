// Rows in a form: a new line comes when the last one is filled in, lines move up and down, Enter goes to the next one.
// Without this file the buttons do it on the server, and a few blank lines stand there.
"use strict";

class Rows {
  constructor(block) {
    this.block = block;
    this.name = block.dataset.block;
    const blanks = [...block.querySelectorAll("[data-blank]")];
    // Before picker.js has made anything of it.
    this.blank = blanks.length ? blanks[0].cloneNode(true) : null;
    for (const spare of blanks.slice(1)) spare.remove();
    this.block.addEventListener("input", (event) => this.filled(event));
    this.block.addEventListener("change", (event) => this.filled(event));
    this.block.addEventListener("click", (event) => this.pressed(event));
    this.block.addEventListener("keydown", (event) => this.onKey(event));
  }

  get lines() {
    return [...this.block.querySelectorAll("[data-line]")];
  }

  get last() {
    return this.lines[this.lines.length - 1];
  }

  filled(event) {
    const line = event.target.closest("[data-line]");
    if (!line) return;
    line.removeAttribute("data-blank");
    if (this.blank && line === this.last) this.add();
  }

  // Another line at the end, with names and ids of its own.
  add() {
    const taken = this.lines.map((line) => Number(line.dataset.line.split(".")[1]));
    const was = this.blank.dataset.line;
    const name = `${this.name}.${Math.max(-1, Number(was.split(".")[1]), ...taken) + 1}.`;
    const line = this.blank.cloneNode(true);
    for (const part of [line, ...line.querySelectorAll("*")]) {
      for (const said of part.attributes) said.value = said.value.replaceAll(was, name);
    }
    if (this.last) this.last.after(line);
    else this.block.querySelector("[data-more]").before(line);
    for (const root of line.querySelectorAll("[data-picker]")) new Picker(root);
    this.count();
    return line;
  }

  // The words that say which line it is.
  count() {
    this.lines.forEach((line, at) => {
      for (const part of [line.querySelector("legend"), ...line.querySelectorAll("[data-step]")]) {
        const words = (text) => text.replace(/第 \d+ 行/, `第 ${at + 1} 行`);
        if (part.hasAttribute("aria-label")) part.setAttribute("aria-label", words(part.getAttribute("aria-label")));
        else part.textContent = words(part.textContent);
      }
    });
  }

  pressed(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches("[data-more]")) {
      event.preventDefault();
      this.enter(this.add());
    } else if (button.matches("[data-step]")) {
      event.preventDefault();
      this.move(button.closest("[data-line]"), Number(button.dataset.step));
      button.focus();
    }
  }

  // A blank line stays at the end: nothing is put behind it.
  move(line, step) {
    const lines = this.lines.filter((each) => !each.hasAttribute("data-blank"));
    const other = lines[lines.indexOf(line) + step];
    if (!other || !lines.includes(line)) return;
    if (step < 0) other.before(line);
    else other.after(line);
    this.count();
    this.block.closest("form").dispatchEvent(new Event("input", { bubbles: true }));
  }

  onKey(event) {
    const field = event.target;
    const line = field.closest("[data-line]");
    const isField = line && field.matches("input, select") && !event.isComposing;
    if (event.key !== "Enter" || event.defaultPrevented || !isField || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = this.lines[this.lines.indexOf(line) + 1];
    if (next) this.enter(next);
    else this.leave();
  }

  enter(line) {
    line.querySelector("input:not([type=hidden]), select, textarea").focus();
  }

  // To the first line of the next block, else to the button that saves.
  leave() {
    const form = this.block.closest("form");
    const blocks = [...form.querySelectorAll("[data-block]")];
    const next = blocks.slice(blocks.indexOf(this.block) + 1).flatMap((block) => [...block.querySelectorAll("[data-line]")]);
    if (next.length) this.enter(next[0]);
    else form.querySelector(".form-foot button").focus();
  }
}

for (const block of document.querySelectorAll("[data-block]")) new Rows(block);
