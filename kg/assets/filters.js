/** The card on the left: the legend, which also hides classes, and the other filters. */
class Filters {
  /** `change` gets a function that alters a state. */
  constructor(element, graph, change) {
    Object.assign(this, {element, graph, change});
    this.kinds = countBy(
      graph.list.filter((node) => !node.isGroup),
      ({kind}) => kind,
    );
    this.relations = countBy(graph.columns.relation, (relation) => graph.relations[relation]);
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
      ...this.#choice("region", "within", [t("scope"), t("anywhere")], this.#regions()),
      ...this.#choice("document", "document", [t("documents"), t("allDocuments")], this.#sources()),
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
    $("region").value = isRegion(within) ? state.within : "";
    $("within").hidden = !within || isRegion(within);
    if ($("within").hidden) return;
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

  /** The regions that hold something, each with how deep it lies in others, in the order of their codes. */
  #regions() {
    const regions = this.graph.list.filter((node) => isRegion(node) && node.children.length);
    regions.sort((a, b) => a.code.localeCompare(b.code));
    const depth = ({parent}) => (parent ? Number(isRegion(parent)) + depth(parent) : 0);
    return regions.map((region) => [region.id, "\u3000".repeat(depth(region)) + this.graph.name(region)]);
  }

  #sources() {
    return this.graph.documents.map((source) => [source.id, sourceName(source)]);
  }

  /** A list to choose one from, under its name; `options` are pairs of a value and a text, `all` stands for no choice. */
  #choice(id, field, [name, all], options) {
    const option = ([value, text]) => h("option", {value}, text);
    const attributes = {id, "aria-label": name, onchange: this.#set(field)};
    return [h("h2", {}, name), h("select", attributes, option(["", all]), options.map(option))];
  }

  #input(field, attributes) {
    return h("input", {...attributes, id: field, onchange: this.#set(field)});
  }

  #set(field) {
    const read = {checkbox: "checked", range: "valueAsNumber"};
    return ({target}) => this.change((state) => (state[field] = target[read[target.type] ?? "value"]));
  }
}

const isRegion = (node) => node?.kind === "Region" && (!node.isGroup || node.label !== "");

/** How a document is called: its paper, date and page, or the name of its file. */
const sourceName = ({name, paper, date, page, section}) =>
  [paper || name, date, page && t("page", page), section].filter(Boolean).join(" · ");

function countBy(items, key) {
  const counts = new Map();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
}
