// A searching picker for a reference: a combobox after the ARIA pattern "editable combobox with list autocomplete".
// The typed text and the hidden key travel together; without this file the server finds the row by the exact name.
"use strict";

let pickers = 0;

class Picker {
  constructor(root) {
    this.root = root;
    this.text = root.querySelector("input[type=text]");
    this.key = root.querySelector("input[type=hidden]");
    this.list = document.createElement("div");
    this.list.id = `picker-${++pickers}`;
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "可选的记录");
    this.active = -1;
    this.turn = 0; // raised by whatever makes an answer that is still on its way worthless
    this.isWaiting = false;
    root.append(this.list);
    this.describe();
    this.listen();
  }

  describe() {
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(roles)) this.text.setAttribute(name, value);
    this.text.autocomplete = "off";
  }

  listen() {
    this.text.addEventListener("input", () => { this.key.value = ""; this.close(); this.later(); });
    this.text.addEventListener("focus", () => this.select());
    this.text.addEventListener("click", () => { this.select(); this.look(); });
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.text.addEventListener("blur", () => this.close());
    // mousedown, not click: the field must keep the focus while an option is chosen.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  // What was chosen is one thing: typing takes its place instead of being put before or into it.
  select() {
    if (this.key.value) this.text.select();
  }

  later() {
    this.isWaiting = true;
    this.timer = setTimeout(() => this.look(), 150);
  }

  async look() {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    this.isWaiting = true;
    const asked = this.key.value ? "" : this.text.value.trim();
    const address = new URL(this.root.dataset.picker, location.href);
    address.searchParams.set("query", asked);
    for (const [name, key] of this.others()) address.searchParams.set(name, key);
    const { rows, sentence } = await this.ask(address);
    if (this.turn !== turn || document.activeElement !== this.text) return;
    this.isWaiting = false;
    this.show(rows, sentence);
  }

  // What the other pickers of a form point to: it may leave fewer rows to choose from here. On a line of its own, those
  // of that line are its neighbours, and those of the form are what is above it.
  others() {
    const line = this.root.closest("[data-line]");
    const keys = [...this.root.closest("form").querySelectorAll("[data-picker] input[type=hidden]")];
    const told = (key) => {
      const on = key.closest("[data-line]");
      if (on === line) return [[`given.${line ? key.name.slice(line.dataset.line.length) : key.name}`, key.value]];
      return on ? [] : [[`above.${key.name}`, key.value]];
    };
    return keys.filter((key) => key !== this.key && key.value).flatMap(told);
  }

  async ask(address) {
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (answer.ok) return { rows: await answer.json(), sentence: "没有找到，请换个词" };
    } catch { /* the network is away: said below */ }
    return { rows: [], sentence: "暂时查不到，请稍后再试" };
  }

  show(rows, sentence) {
    this.list.replaceChildren(...rows.flatMap((row, place) => this.entry(row, place, rows[place - 1])));
    if (!rows.length) {
      const none = document.createElement("div");
      none.className = "none";
      none.textContent = sentence;
      this.list.append(none);
    }
    this.list.hidden = false;
    this.text.setAttribute("aria-expanded", "true");
    this.mark(-1);
  }

  // An option, under a heading where a group begins.
  entry(row, place, before) {
    if (!row.group || row.group === before?.group) return [this.option(row, place)];
    const heading = document.createElement("div");
    heading.className = "heading";
    heading.setAttribute("role", "presentation");
    heading.textContent = row.group;
    return [heading, this.option(row, place)];
  }

  option(row, place) {
    const option = document.createElement("div");
    option.id = `${this.list.id}-${place}`;
    option.setAttribute("role", "option");
    option.dataset.key = row.id;
    option.textContent = row.text;
    return option;
  }

  mark(place) {
    const options = this.list.querySelectorAll("[role=option]");
    this.active = place;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.active)));
    const active = options[this.active];
    this.text.setAttribute("aria-activedescendant", active ? active.id : "");
    if (active) active.scrollIntoView({ block: "nearest" });
    return active;
  }

  onKey(event) {
    const isOpen = !this.list.hidden;
    const options = this.list.querySelectorAll("[role=option]");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return void this.look();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = this.active < 0 && step < 0 ? options.length : this.active;
      this.mark((from + step + options.length) % Math.max(options.length, 1));
    } else if (event.key === "Enter" && this.isWaiting) {
      event.preventDefault(); // the list for what is typed is not there yet: neither choose nor send
    } else if (event.key === "Enter" && isOpen && options.length) {
      event.preventDefault();
      this.choose(options[Math.max(this.active, 0)]);
    } else if (event.key === "Escape" && (isOpen || this.isWaiting)) {
      event.preventDefault();
      this.close();
    }
  }

  choose(option) {
    this.key.value = option.dataset.key;
    this.text.value = option.textContent;
    this.close();
    this.key.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    clearTimeout(this.timer);
    this.turn++;
    this.isWaiting = false;
    this.list.hidden = true;
    this.text.setAttribute("aria-expanded", "false");
    this.text.removeAttribute("aria-activedescendant");
  }
}

for (const root of document.querySelectorAll("[data-picker]")) new Picker(root);
