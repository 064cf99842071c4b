/** Search as you type over every name, short form and pinyin initials. */
class Search {
  /** Where each initial starts in the pinyin order of Chinese characters: 阿 is the first of A, 八 of B. */
  static #STARTS = [..."阿八嚓哒妸发旮哈讥咔垃痳拏噢妑七呥扨它穵夕丫帀"];
  static #LETTERS = "abcdefghjklmnopqrstwxyz";
  static #collator = new Intl.Collator("zh-Hans-u-co-pinyin");

  #initial = new Map();

  constructor(graph) {
    this.entries = [...graph.nodes.values()]
      .filter((node) => !node.isGroup)
      .map((node) => {
        const names = [node.label, ...(node.names ?? []), ...(node.quantity ? [node.quantity.measure] : [])];
        return {node, names: names.map(Search.#fold)};
      });
  }

  /** The nodes that answer a query, the best first. */
  find(query, limit) {
    const wanted = Search.#fold(query);
    if (!wanted) return [];
    const isLatin = /^[a-z]+$/.test(wanted);
    const found = [];
    for (const entry of this.entries) {
      const initials = isLatin ? (entry.initials ??= entry.names.map((name) => this.#initials(name))) : [];
      const rank = Math.min(Search.#rank(entry.names, wanted), Search.#rank(initials, wanted));
      if (rank < Infinity) found.push({node: entry.node, rank: rank + (entry.node.kind === "Metric" ? 3 : 0)});
    }
    found.sort((a, b) => a.rank - b.rank || b.node.facts.length - a.node.facts.length);
    return found.slice(0, limit).map(({node}) => node);
  }

  /** Case, width, spaces, quotation marks and dots between parts of a name do not matter. */
  static #fold(text) {
    return text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s"'“”‘’「」『』《》〈〉·•]/gu, "");
  }

  /** 0 for a whole name, 1 for its start, 2 for a part. */
  static #rank(names, wanted) {
    let best = Infinity;
    for (const name of names) {
      const at = name.indexOf(wanted);
      if (at >= 0) best = Math.min(best, at > 0 ? 2 : Number(name.length > wanted.length));
    }
    return best;
  }

  #initials(name) {
    return [...name].map((character) => this.#letter(character)).join("");
  }

  #letter(character) {
    if (!/\p{Script=Han}/u.test(character)) return character;
    if (!this.#initial.has(character)) {
      const after = Search.#STARTS.findIndex((start) => Search.#collator.compare(start, character) > 0);
      this.#initial.set(character, Search.#LETTERS.at(after < 0 ? -1 : after - 1));
    }
    return this.#initial.get(character);
  }
}

/** Make an input offer names as one types; `choose` gets the id of the one taken. */
function combobox(input, list, {search, graph}, choose) {
  let found = [];
  let active = -1;
  const attributes = {
    role: "combobox",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
    autocomplete: "off",
    "aria-expanded": "false",
  };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
  if (!input.labels?.length) input.dataset.label = "searchShort";
  list.setAttribute("role", "listbox");
  list.dataset.label = "searchShort";
  list.hidden = true;

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function take(node) {
    input.value = "";
    $("canvas").focus({preventScroll: true});
    choose(node.id);
  }

  function mark(index) {
    active = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    list.children[active]?.scrollIntoView({block: "nearest"});
    if (found[active]) input.setAttribute("aria-activedescendant", `${list.id}-${active}`);
  }

  function option(node, index) {
    const other = node.names?.length ? h("small", {}, node.names.join("、")) : null;
    return h(
      "li",
      {
        role: "option",
        id: `${list.id}-${index}`,
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => take(node),
      },
      kindMark(node.kind),
      h("span", {}, graph.name(node), other),
      h("span", {class: "count"}, kindName(node.kind)),
    );
  }

  input.addEventListener("input", () => {
    found = search.find(input.value, 12);
    const isEmpty = !found.length && input.value.trim();
    list.replaceChildren(
      ...found.map(option),
      ...(isEmpty ? [h("li", {class: "note", role: "option"}, t("noMatch"))] : []),
    );
    list.hidden = !input.value.trim();
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(found.length ? 0 : -1);
  });
  input.addEventListener("keydown", (event) => {
    const steps = {ArrowDown: 1, ArrowUp: -1};
    if (event.key in steps && found.length) {
      event.preventDefault();
      mark((active + steps[event.key] + found.length) % found.length);
    } else if (event.key === "Enter" && found[active] && !list.hidden) take(found[active]);
    else if (event.key === "Escape") $("canvas").focus();
  });
  input.addEventListener("blur", close);
}
