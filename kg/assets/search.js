/** Search as you type over every name and short form, and by pinyin initials. */
class Search {
  #entries;

  constructor(graph) {
    Object.assign(this, {graph, initials: graph.initials});
  }

  /** Each node with its names folded; made when the first search begins. */
  get entries() {
    this.#entries ??= this.graph.list
      .filter((node) => !node.isGroup)
      .map((node) => {
        const names = [node.label, ...node.names, ...(node.quantity ? [node.quantity.measure] : [])];
        return {node, names: names.map(Search.#fold)};
      });
    return this.#entries;
  }

  /** The nodes that answer a query, the best first. */
  find(query, limit) {
    const wanted = this.#pattern(Search.#fold(query));
    const found = [];
    for (const {node, names} of this.entries) {
      const rank = Search.#rank(names, wanted);
      if (rank < Infinity) found.push({node, rank: rank + (node.kind === "Metric" ? 3 : 0)});
    }
    found.sort((a, b) => a.rank - b.rank || b.node.factCount - a.node.factCount);
    return found.slice(0, limit).map(({node}) => node);
  }

  /** Case, width, spaces, quotation marks and dots between parts of a name do not matter. */
  static #fold(text) {
    return text
      .normalize("NFKC")
      .toLowerCase()
      .replace(/[\s"'“”‘’「」『』《》〈〉·•]/gu, "");
  }

  /** What fits a name or a part of one, where each letter may be the initial of a character; nothing fits no letters. */
  #pattern(wanted) {
    const fitting = [...wanted].map((letter) =>
      letter in this.initials ? `[${letter}${this.initials[letter]}]` : letter.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&"),
    );
    return new RegExp(fitting.join("") || "(?!)", "u");
  }

  /** 0 for a whole name, 1 for its start, 2 for a part. */
  static #rank(names, wanted) {
    let best = Infinity;
    for (const name of names) {
      const match = wanted.exec(name);
      if (match) best = Math.min(best, match.index > 0 ? 2 : Number(name.length > match[0].length));
    }
    return best;
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
    const other = node.names.length ? h("small", {}, node.names.join("、")) : null;
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
