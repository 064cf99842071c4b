/** The card on the left: the legend, which also hides classes, and the other filters. */
class Filters {
  /** `change` gets a function that alters a state. */
  constructor(element, graph, change) {
    Object.assign(this, {element, graph, change});
    this.kinds = countBy(
      [...graph.nodes.values()].filter((node) => !node.isGroup),
      ({kind}) => kind,
    );
    this.relations = countBy(graph.facts, ({relation}) => relation);
  }

  /** Make the card anew, in the language of the page. */
  build() {
    const kinds = Object.keys(KINDS).filter((kind) => this.kinds.has(kind));
    const relations = [...this.relations.keys()].sort((a, b) => relationRank(a) - relationRank(b));
    this.element.replaceChildren(
      h("p", {class: "chip", id: "within"}),
      h("h2", {}, t("kinds")),
      h(
        "ul",
        {},
        kinds.map((kind) => this.#box("kinds", kind, [kindMark(kind), kindName(kind)], this.kinds.get(kind))),
      ),
      h("label", {class: "unfold"}, this.#input("figures", {type: "checkbox"}), t("unfoldFigures")),
      h("h2", {}, t("relations")),
      h(
        "ul",
        {},
        relations.map((relation) =>
          this.#box("relations", relation, [relationName(relation)], this.relations.get(relation)),
        ),
      ),
      h("h2", {}, t("documents")),
      this.#documents(),
      h(
        "div",
        {class: "dates"},
        h("label", {}, t("since"), this.#input("since", {type: "date"})),
        h("label", {}, t("until"), this.#input("until", {type: "date"})),
      ),
      h(
        "label",
        {class: "confidence"},
        t("confidence"),
        h("output", {id: "confidence-value"}),
        this.#input("confidence", {type: "range", min: 0, max: 1, step: 0.05}),
      ),
    );
  }

  /** Make the card say what a state has chosen. */
  show(state) {
    for (const input of this.element.querySelectorAll("[data-hides]")) {
      input.checked = !state[input.dataset.hides].has(input.value);
    }
    $("figures").checked = state.figures;
    $("confidence-value").textContent = formatNumber(state.confidence);
    for (const field of ["document", "since", "until", "confidence"]) $(field).value = state[field];
    const within = this.graph.nodes.get(state.within);
    $("within").hidden = !within;
    if (!within) return;
    const clear = () => this.change((next) => (next.within = ""));
    const button = h("button", {type: "button", onclick: clear}, t("clear"));
    $("within").replaceChildren(t("withinChip", this.graph.name(within)), button);
  }

  /** A box that shows or hides a class or a relation. */
  #box(field, value, label, count) {
    const toggle = () => this.change((state) => state[field].delete(value) || state[field].add(value));
    const input = h("input", {type: "checkbox", value, "data-hides": field, onchange: toggle});
    return h("li", {}, h("label", {}, input, label, h("span", {class: "count"}, formatNumber(count))));
  }

  #documents() {
    const option = (source) => h("option", {value: source.id}, sourceName(source));
    const attributes = {id: "document", "aria-label": t("documents"), onchange: this.#set("document")};
    return h("select", attributes, h("option", {value: ""}, t("allDocuments")), this.graph.documents.map(option));
  }

  #input(field, attributes) {
    return h("input", {...attributes, id: field, onchange: this.#set(field)});
  }

  #set(field) {
    const read = {checkbox: "checked", range: "valueAsNumber"};
    return ({target}) => this.change((state) => (state[field] = target[read[target.type] ?? "value"]));
  }
}

/** How a document is called: its paper, date and page, or the name of its file. */
const sourceName = ({name, paper, date, page, section}) =>
  [paper || name, date, page && t("page", page), section].filter(Boolean).join(" · ");

function countBy(items, key) {
  const counts = new Map();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
