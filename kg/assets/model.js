/** Never more marks than this at once: beyond it, browsers stop being fluent. */
const DRAW_LIMIT = 1500;
const LINE_LIMIT = 2500;
const NONE = Object.freeze([]);

/** A node of the graph: an entity, or a group of them. */
class GraphNode {
  constructor(graph, at, {id, kind, label, x, y, size}) {
    Object.assign(this, {graph, at, id, kind, label, x, y, size});
    this.parent = undefined;
    this.children = NONE;
    this.part = undefined;
    this.names = NONE;
    this.code = "";
    this.quantity = undefined;
    this.disc = undefined;
  }

  get isGroup() {
    return this.part !== undefined;
  }

  /** The facts that it takes part in. */
  get facts() {
    return this.graph.factsOf(this.at);
  }

  get factCount() {
    return this.graph.starts[this.at + 1] - this.graph.starts[this.at];
  }
}

/** A fact and its evidence. */
class Fact {
  constructor(graph, at) {
    const {subject, object, relation} = graph.columns;
    this.at = at;
    this.subject = graph.list[subject[at]];
    this.object = graph.list[object[at]];
    this.relation = graph.relations[relation[at]];
    this.detail = graph.details.get(at);
    this.evidence = graph.evidenceOf(at);
  }
}

/**
 * The graph. A page may hold hundreds of thousands of nodes and facts: facts stay columns of numbers, `subject`, `object`
 * and `relation`, until somebody looks at one. Parents come before children. The `sentences` come after the first picture.
 */
class Graph {
  #made = new Map();

  constructor({kinds, relations, nodes, facts, documents, sources, rules, opened, initials, all}) {
    Object.assign(this, {kinds, relations, documents, sources, rules, opened, initials, all, columns: facts});
    this.sentences = undefined;
    this.list = nodes.id.map((id, at) => {
      const [label, x, y, size] = [nodes.label[at], nodes.x[at], nodes.y[at], nodes.size[at]];
      return new GraphNode(this, at, {id, kind: kinds[nodes.kind[at]], label, x, y, size});
    });
    this.nodes = new Map(this.list.map((node) => [node.id, node]));
    for (const field of ["disc", "part", "names", "code"]) {
      for (const [at, value] of nodes[field]) this.list[at][field] = value;
    }
    for (const [at, [measure, value, unit, qualifier, stated, change, period]] of nodes.quantity) {
      this.list[at].quantity = {measure, value, unit, qualifier, stated, change, period};
    }
    for (const node of this.list) this.#settle(node, this.list[nodes.parent[node.at]]);
    this.kindOf = Uint8Array.from(nodes.kind);
    this.parentOf = Int32Array.from(nodes.parent);
    this.details = new Map(facts.detail);
    this.factCount = facts.subject.length;
    this.evidenceCount = facts.evidence.sentence.length;
    this.entityCount = this.list.length - nodes.part.length;
    this.#index();
  }

  #settle(node, parent) {
    node.parent = parent;
    if (!parent || node.kind === "Metric") return;
    if (parent.children === NONE) parent.children = [];
    parent.children.push(node);
  }

  /** Note where each fact's evidence starts, and the facts of each node: those at `order[starts[n]]` and so on. */
  #index() {
    const {subject, object, pieces} = this.columns;
    this.evidenceStarts = new Int32Array(this.factCount + 1);
    this.starts = new Int32Array(this.list.length + 1);
    for (let fact = 0; fact < this.factCount; fact++) {
      this.evidenceStarts[fact + 1] = this.evidenceStarts[fact] + pieces[fact];
      this.starts[subject[fact] + 1] += 1;
      if (object[fact] !== subject[fact]) this.starts[object[fact] + 1] += 1;
    }
    for (let node = 0; node < this.list.length; node++) this.starts[node + 1] += this.starts[node];
    const next = this.starts.slice();
    this.order = new Int32Array(this.starts[this.list.length]);
    for (let fact = 0; fact < this.factCount; fact++) {
      this.order[next[subject[fact]]++] = fact;
      if (object[fact] !== subject[fact]) this.order[next[object[fact]]++] = fact;
    }
  }

  /** Where the facts of a node stand in the columns. */
  factPlaces(node) {
    return this.order.subarray(this.starts[node], this.starts[node + 1]);
  }

  factsOf(node) {
    return Array.from(this.factPlaces(node), (at) => this.fact(at));
  }

  fact(at) {
    if (!this.#made.has(at)) this.#made.set(at, new Fact(this, at));
    return this.#made.get(at);
  }

  evidenceOf(fact) {
    const {sentence, start, end, rule, confidence} = this.columns.evidence;
    const found = [];
    for (let at = this.evidenceStarts[fact]; at < this.evidenceStarts[fact + 1]; at++) {
      found.push({
        document: this.documents[this.sources[sentence[at]]],
        sentence: sentence[at],
        start: start[at],
        end: end[at],
        rule: this.rules[rule[at]],
        confidence: confidence[at],
      });
    }
    return found;
  }

  /** What a node is called: a metric by its value, a group by its division or its class and, of many, its part. */
  name(node) {
    if (node.isGroup) return this.#groupName(node);
    const {quantity} = node;
    return quantity ? `${quantity.measure || node.label} ${formatValue(quantity)}${quantity.unit}` : node.label;
  }

  #groupName({kind, label, part, parent}) {
    if (label) return label;
    const name = part ? `${kindName(kind)} ${part}` : kindName(kind);
    while (parent?.isGroup && !parent.label) parent = parent.parent;
    return parent ? name : t("unplaced", name);
  }

  /** Whether a node is `outer` or stands inside it. */
  isWithin(node, outer) {
    while (node && node !== outer) node = node.parent;
    return node === outer;
  }
}

const otherEnd = (fact, node) => (fact.subject === node ? fact.object : fact.subject);

/** Tests on facts and nodes that a state's filters ask for. */
class Sieve {
  constructor(graph, state) {
    const {since, until, confidence} = state;
    this.state = state;
    this.outer = graph.nodes.get(state.within);
    this.graph = graph;
    this.hidesRelation = graph.relations.map((relation) => state.relations.has(relation));
    this.isFrom = (document) =>
      (!state.document || document.id === state.document) &&
      (!since || document.date >= since) &&
      (!until || (document.date && document.date <= until));
    this.accepts = (evidence) => evidence.confidence >= confidence && this.isFrom(evidence.document);
    if (state.document || since || until || confidence) this.#attest();
  }

  /** Mark the facts that have evidence which passes, and the nodes that they speak of. */
  #attest() {
    const {documents, sources, columns, evidenceStarts, factCount, list} = this.graph;
    const {subject, object, evidence} = columns;
    const isFrom = documents.map(this.isFrom);
    this.facts = new Uint8Array(factCount);
    this.nodes = new Uint8Array(list.length);
    for (let fact = 0; fact < factCount; fact++) {
      for (let at = evidenceStarts[fact]; at < evidenceStarts[fact + 1] && !this.facts[fact]; at++) {
        const isSure = evidence.confidence[at] >= this.state.confidence;
        if (isSure && isFrom[sources[evidence.sentence[at]]]) this.facts[fact] = 1;
      }
      if (this.facts[fact]) this.nodes[subject[fact]] = this.nodes[object[fact]] = 1;
    }
  }

  /** The evidence of a fact that passes. */
  evidence(fact) {
    return this.facts ? fact.evidence.filter(this.accepts) : fact.evidence;
  }

  /** Whether the fact at this place passes. */
  fact(at) {
    return !this.hidesRelation[this.graph.columns.relation[at]] && (!this.facts || this.facts[at] === 1);
  }

  node(node) {
    return (
      !node.isGroup &&
      !this.state.kinds.has(node.kind) &&
      (!this.outer || this.graph.isWithin(node, this.outer)) &&
      (!this.nodes || this.nodes[node.at] === 1)
    );
  }
}

/** A line between two marks, and the facts that it stands for. */
class Line {
  constructor(graph, id, from, to) {
    Object.assign(this, {graph, id, from, to, places: []});
  }

  get size() {
    return this.places.length;
  }

  get facts() {
    return this.places.map((at) => this.graph.fact(at));
  }
}

/**
 * What a state shows: marks (a node by itself, or a bubble that stands for all inside it) and lines between marks, each
 * with the facts that it stands for.
 */
function project(graph, state) {
  const sieve = new Sieve(graph, state);
  const counts = new Counts(graph, sieve);
  const isReached = new Uint8Array(graph.list.length);
  const marks = new Map();
  const covers = new Array(graph.list.length);
  const standIn = new Array(graph.list.length);
  for (const node of graph.list) {
    const {at, id, parent} = node;
    if (!parent || (isReached[parent.at] && state.opened.has(parent.id))) isReached[at] = 1;
    const isMetric = node.kind === "Metric";
    const isUnfolded = isMetric ? state.figures && standIn[parent?.at]?.node === parent : isReached[at];
    if (node.children.length && isReached[at] && !state.opened.has(id)) {
      covers[at] = counts.total(at) ? {id, node, ...bubbleDisc(node), counts: counts.of(at)} : undefined;
      if (covers[at]) marks.set(id, covers[at]);
    } else {
      covers[at] = parent && covers[parent.at];
      if ((isUnfolded || state.pinned.has(id)) && sieve.node(node)) {
        marks.set(id, {id, node, x: node.x, y: node.y, size: node.size});
      }
    }
    standIn[at] = marks.get(id) ?? (isMetric ? undefined : covers[at]);
  }
  return {sieve, counts, marks, lines: thinned(linesBetween(graph, standIn, sieve), state.selected)};
}

function bubbleDisc({disc: [x, y, reach]}) {
  return {x, y, size: reach * 0.78};
}

/** For each node, how many inside it (itself included) pass, by class; metrics are not counted. */
class Counts {
  constructor(graph, sieve) {
    const width = graph.kinds.length;
    const sums = new Int32Array(graph.list.length * width);
    for (let at = graph.list.length - 1; at >= 0; at--) {
      const node = graph.list[at];
      if (node.kind === "Metric") continue;
      if (sieve.node(node)) sums[at * width + graph.kindOf[at]] += 1;
      const parent = graph.parentOf[at];
      if (parent < 0) continue;
      for (let kind = 0; kind < width; kind++) sums[parent * width + kind] += sums[at * width + kind];
    }
    Object.assign(this, {graph, width, sums});
  }

  #row(at) {
    return this.sums.subarray(at * this.width, (at + 1) * this.width);
  }

  total(at) {
    return this.#row(at).reduce((sum, count) => sum + count, 0);
  }

  /** By class, and in all. */
  of(at) {
    const row = this.#row(at);
    return {...Object.fromEntries(this.graph.kinds.map((kind, index) => [kind, row[index]])), total: this.total(at)};
  }
}

/** One line for each pair of marks, with all facts between the two. */
function linesBetween(graph, standIn, sieve) {
  const {subject, object} = graph.columns;
  const lines = new Map();
  for (let at = 0; at < graph.factCount; at++) {
    const from = standIn[subject[at]];
    const to = standIn[object[at]];
    if (!from || !to || from === to || !sieve.fact(at)) continue;
    const [low, high] = from.node.at < to.node.at ? [from, to] : [to, from];
    const pair = low.node.at * graph.list.length + high.node.at;
    let line = lines.get(pair);
    if (!line) lines.set(pair, (line = new Line(graph, lineId(from.id, to.id), from, to)));
    line.places.push(at);
  }
  return new Map(Array.from(lines.values(), (line) => [line.id, line]));
}

/** Of too many lines, those between nodes, those of the selected mark, and of the others those that stand for most facts. */
function thinned(lines, selected) {
  if (lines.size <= LINE_LIMIT) return lines;
  const isKept = ({id, from, to}) => !(from.counts || to.counts) || [id, from.id, to.id].includes(selected);
  const weight = (line) => (isKept(line) ? Number.MAX_VALUE : line.size);
  const ranked = [...lines.values()].sort((a, b) => weight(b) - weight(a));
  return new Map(ranked.filter((line, rank) => rank < LINE_LIMIT || isKept(line)).map((line) => [line.id, line]));
}

/** The name of the line between two marks, the same both ways. */
const lineId = (a, b) => (a < b ? `${a}~${b}` : `${b}~${a}`);

/** The nodes on a shortest way between two over facts that pass, both ends included; empty where there is none. */
function shortestPath(graph, sieve, from, to) {
  const {subject, object} = graph.columns;
  const before = new Int32Array(graph.list.length).fill(-1);
  before[from.at] = from.at;
  let edge = [from.at];
  while (edge.length && before[to.at] < 0) {
    const next = [];
    for (const node of edge) {
      for (const fact of graph.factPlaces(node)) {
        const other = subject[fact] === node ? object[fact] : subject[fact];
        if (before[other] >= 0 || !sieve.fact(fact)) continue;
        if (other !== to.at && !sieve.node(graph.list[other])) continue;
        before[other] = node;
        next.push(other);
      }
    }
    edge = next;
  }
  if (before[to.at] < 0) return [];
  const path = [to];
  while (path[0] !== from) path.unshift(graph.list[before[path[0].at]]);
  return path;
}

/** The data that the page brings: as they stand, or where they are large deflated and in base64. */
function readData({dataset, textContent}) {
  if (dataset.encoding === "plain") return JSON.parse(textContent);
  const packed = atob(textContent);
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; at++) bytes[at] = packed.charCodeAt(at);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}
