/**
 * All that a reader can choose, apart from where the camera stands. Sets of ids: `opened` nodes show what is inside,
 * `pinned` ones are shown whatever is open; `kinds` and `relations` are those hidden.
 */
class State {
  constructor(opened) {
    this.opened = new Set(opened);
    this.pinned = new Set();
    this.kinds = new Set();
    this.relations = new Set();
    this.document = "";
    this.since = "";
    this.until = "";
    this.confidence = 0;
    this.within = "";
    this.figures = false;
    this.selected = "";
    this.from = "";
    this.to = "";
  }

  copy() {
    const copy = Object.assign(new State([]), this);
    for (const [field, value] of Object.entries(this)) if (value instanceof Set) copy[field] = new Set(value);
    return copy;
  }

  /** The state as the part of a link after `#`: only what differs from the first view. */
  encode(graph) {
    const fields = new URLSearchParams();
    const set = (field, value) => value && fields.set(field, value);
    const first = new Set(graph.opened);
    set("open", [...this.opened].filter((id) => !first.has(id)).join("."));
    set("shut", graph.opened.filter((id) => !this.opened.has(id)).join("."));
    for (const field of ["pinned", "kinds", "relations"]) set(field, [...this[field]].join("."));
    for (const field of ["document", "since", "until", "within", "selected", "from", "to"]) set(field, this[field]);
    set("confidence", this.confidence && String(this.confidence));
    set("figures", this.figures && "1");
    return fields.toString();
  }

  /** The state that a link asks for. What the graph does not hold is left out. */
  static decode(text, graph) {
    const fields = new URLSearchParams(text);
    const value = (field) => fields.get(field) ?? "";
    const ids = (field, known) =>
      value(field)
        .split(".")
        .filter((id) => known.has(id));
    const node = (field) => (graph.nodes.has(value(field)) ? value(field) : "");
    const date = (field) => (/^\d{4}-\d{2}-\d{2}$/.test(value(field)) ? value(field) : "");
    const state = new State(graph.opened);
    for (const id of ids("open", graph.nodes)) state.opened.add(id);
    for (const id of ids("shut", graph.nodes)) state.opened.delete(id);
    state.pinned = new Set(ids("pinned", graph.nodes));
    state.kinds = new Set(ids("kinds", new Map(Object.entries(KINDS))));
    state.relations = new Set(ids("relations", new Set(graph.relations)));
    state.document = graph.documents.some(({id}) => id === value("document")) ? value("document") : "";
    state.since = date("since");
    state.until = date("until");
    state.confidence = Math.min(1, Math.max(0, Number(value("confidence")) || 0));
    state.within = node("within");
    state.figures = value("figures") === "1";
    state.selected = value("selected")
      .split("~")
      .every((id) => graph.nodes.has(id))
      ? value("selected")
      : "";
    state.from = node("from");
    state.to = node("to");
    return state;
  }
}

/** Close what was opened longest ago, then drop the oldest pins, until all fits. True if something had to go. */
function keepWithinLimit(graph, state, latest) {
  let isCut = false;
  const size = () => project(graph, state).marks.size;
  if (state.figures && size() > DRAW_LIMIT) {
    state.figures = false;
    isCut = true;
  }
  for (const id of [...state.opened]) {
    if (size() <= DRAW_LIMIT) return isCut;
    if (latest && graph.isWithin(latest, graph.nodes.get(id))) continue;
    state.opened.delete(id);
    isCut = true;
  }
  const excess = size() - DRAW_LIMIT;
  if (excess <= 0) return isCut;
  for (const id of [...state.pinned].slice(0, excess)) state.pinned.delete(id);
  return true;
}
