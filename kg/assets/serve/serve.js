"use strict";

/** What a page does beyond links and forms: names offered as one types, facts and their places lit together. */

/** An element with text and listeners; text never becomes markup. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A list of offers under a field, moved through by arrow keys. `offer` gives [text, take] pairs for the field. */
class Offers {
  static #count = 0;

  #items = [];
  #at = -1;
  #asked = 0;

  constructor(field, offer, place = field.parentElement) {
    Object.assign(this, {field, offer});
    this.list = make("ul", {class: "offers", role: "listbox", id: `offers-${Offers.#count++}`});
    this.list.hidden = true;
    place.append(this.list);
    field.setAttribute("aria-controls", this.list.id);
    field.addEventListener("input", () => this.#ask());
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("blur", () => this.#close());
  }

  async #ask() {
    const turn = ++this.#asked;
    const offers = await this.offer(this.field);
    if (turn !== this.#asked) return;
    this.#at = -1;
    this.#items = offers;
    const take = (item) => (event) => {
      event.preventDefault(); // the field keeps the focus
      this.#take(item);
    };
    const lines = offers.map((item, index) =>
      make("li", {role: "option", id: `${this.list.id}-${index}`, onmousedown: take(item)}, item[0]),
    );
    this.list.replaceChildren(...lines);
    this.list.hidden = !offers.length;
  }

  #key(event) {
    if (this.list.hidden) return;
    if (event.key === "Escape") this.#close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#move(event.key === "ArrowDown" ? 1 : -1);
    else if ((event.key === "Enter" || event.key === "Tab") && this.#at >= 0) this.#take(this.#items[this.#at]);
    else return;
    event.preventDefault();
  }

  #move(step) {
    this.#at = (this.#at + step + this.#items.length) % this.#items.length;
    [...this.list.children].forEach((line, index) => line.setAttribute("aria-selected", String(index === this.#at)));
    this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.#at}`);
    this.list.children[this.#at].scrollIntoView({block: "nearest"});
  }

  #take([, take]) {
    this.#close();
    take();
  }

  #close() {
    this.#asked++;
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }
}

/** Things whose names contain a text. */
async function things(text, kind = "") {
  if (!text.trim()) return [];
  const answer = await fetch(`/suggest?${new URLSearchParams({q: text, kind})}`);
  return answer.ok ? answer.json() : [];
}

for (const field of document.querySelectorAll("[data-suggest]")) {
  new Offers(field, async ({value}) =>
    (await things(value)).map(({name, address}) => [name, () => location.assign(address)]),
  );
}

for (const field of document.querySelectorAll("[data-complete]")) {
  const kind = /^[A-Z][a-z]+$/.test(field.dataset.complete) ? field.dataset.complete : "";
  if (field.dataset.complete === "measure") continue;
  new Offers(field, async ({value}) =>
    (await things(value, kind === "Resource" ? "" : kind)).map(({name}) => [name, () => (field.value = name)]),
  );
}

const editor = document.getElementById("editor");
if (editor) {
  const terms = editor.dataset.terms.split(" ");
  const word = () => /[\w:]*$/.exec(editor.value.slice(0, editor.selectionStart))[0];
  const take = (term) => () => {
    const end = editor.selectionStart;
    editor.setRangeText(term, end - word().length, end, "end");
  };
  const offer = () => {
    const start = word().toLowerCase();
    if (start.length < 2) return [];
    return terms.filter((term) => term.toLowerCase().startsWith(start) && term !== word()).map((term) => [term, take(term)]);
  };
  new Offers(editor, offer);
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) editor.form.requestSubmit();
  });
}

/** Light a fact and the places that state it, whichever the pointer or the focus is on. */
function light(numbers) {
  const wanted = new Set(numbers);
  for (const element of document.querySelectorAll(".said")) {
    element.classList.toggle("lit", element.dataset.facts.split(" ").some((number) => wanted.has(number)));
  }
  for (const element of document.querySelectorAll("[data-fact]")) {
    element.classList.toggle("lit", wanted.has(element.dataset.fact));
  }
}

for (const kind of ["pointerover", "focusin"]) {
  document.querySelector(".document")?.addEventListener(kind, ({target}) => {
    const fact = target.closest("[data-fact]");
    const place = target.closest(".said");
    light(fact ? [fact.dataset.fact] : place ? place.dataset.facts.split(" ") : []);
  });
}

/** Where the address points to a fact, bring the place that states it into view, and the other way round. */
function follow() {
  const aim = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!aim?.closest(".document")) return;
  const {fact, facts} = aim.dataset;
  const numbers = fact ? [fact] : (facts?.split(" ") ?? []);
  light(numbers);
  const other = fact ? ".said.lit" : "[data-fact].lit";
  document.querySelector(other)?.scrollIntoView({block: "center"});
}

addEventListener("hashchange", follow);
follow();

// On paper nobody can open what is folded.
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));
