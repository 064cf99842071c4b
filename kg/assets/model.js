/** Never more marks than this at once: beyond it, browsers stop being fluent. */
const DRAW_LIMIT = 1500;
const LINE_LIMIT = 2500;

/** The graph as the page's data gives it, indexed once. Parents come before children. */
class Graph {
  constructor({nodes, edges, documents, sentences, rules, opened, initials}) {
    Object.assign(this, {documents, sentences, rules, opened, initials});
    this.nodes = new Map(nodes.map((node) => [node.id, node]));
    for (const node of nodes) {
      Object.assign(node, {kind: node.group, children: [], figures: [], facts: [], isGroup: "part" in node});
      node.parent = this.nodes.get(node.parent);
      if (node.parent) node.parent[node.kind === "Metric" ? "figures" : "children"].push(node);
    }
    this.facts = edges.map((edge) => this.#fact(edge));
    this.entityCount = nodes.filter((node) => !node.isGroup).length;
  }

  #fact({from, to, relation, detail, evidence}) {
    const fact = {
      subject: this.nodes.get(from),
      object: this.nodes.get(to),
      relation,
      detail,
      evidence: evidence.map(([sentence, start, end, rule, confidence]) => {
        const [document, text] = this.sentences[sentence];
        return {document: this.documents[document], text, start, end, rule: this.rules[rule], confidence};
      }),
    };
    fact.subject.facts.push(fact);
    if (fact.object !== fact.subject) fact.object.facts.push(fact);
    return fact;
  }

  /** What a node is called: a metric by its value, a group by its class and, of many, its part. */
  name(node) {
    if (node.isGroup) return this.#groupName(node);
    const {quantity} = node;
    return quantity ? `${quantity.measure || node.label} ${formatValue(quantity)}${quantity.unit}` : node.label;
  }

  #groupName({kind, part, parent}) {
    const name = part ? `${kindName(kind)} ${part}` : kindName(kind);
    while (parent?.isGroup) parent = parent.parent;
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
    this.asksEvidence = Boolean(state.document || since || until || confidence);
    this.accepts = ({document, confidence: sure}) =>
      sure >= confidence &&
      (!state.document || document.id === state.document) &&
      (!since || document.date >= since) &&
      (!until || (document.date && document.date <= until));
  }

  /** The evidence of a fact that passes. */
  evidence(fact) {
    return this.asksEvidence ? fact.evidence.filter(this.accepts) : fact.evidence;
  }

  fact(fact) {
    return !this.state.relations.has(fact.relation) && (!this.asksEvidence || fact.evidence.some(this.accepts));
  }

  node(node) {
    return (
      !node.isGroup &&
      !this.state.kinds.has(node.kind) &&
      (!this.outer || this.graph.isWithin(node, this.outer)) &&
      (!this.asksEvidence || node.facts.some((fact) => fact.evidence.some(this.accepts)))
    );
  }
}

/**
 * What a state shows: marks (a node by itself, or a bubble that stands for all inside it) and lines between marks, each
 * with the facts that it stands for.
 */
function project(graph, state) {
  const sieve = new Sieve(graph, state);
  const counts = countByKind(graph, sieve);
  const reached = new Set();
  const marks = new Map();
  const covers = new Map();
  const standIn = new Map();
  for (const node of graph.nodes.values()) {
    const {id, parent} = node;
    if (!parent || (reached.has(parent) && state.opened.has(parent.id))) reached.add(node);
    const isUnfolded =
      node.kind === "Metric" ? state.figures && standIn.get(parent)?.node === parent : reached.has(node);
    if (node.children.length && reached.has(node) && !state.opened.has(id)) {
      const bubble = {id, node, ...bubbleDisc(node), counts: counts.get(node)};
      covers.set(node, bubble);
      if (bubble.counts.total) marks.set(id, bubble);
    } else {
      covers.set(node, covers.get(parent));
      if ((isUnfolded || state.pinned.has(id)) && sieve.node(node)) {
        marks.set(id, {id, node, x: node.x, y: node.y, size: node.size});
      }
    }
    const mark = marks.get(id) ?? (node.kind === "Metric" ? undefined : covers.get(node));
    if (mark) standIn.set(node, mark);
  }
  return {sieve, marks, lines: thinned(linesBetween(graph.facts, standIn, sieve), state.selected)};
}

function bubbleDisc({disc: [x, y, reach]}) {
  return {x, y, size: reach * 0.78};
}

/** For each node, how many inside it (itself included) pass, by class; metrics are not counted. */
function countByKind(graph, sieve) {
  const counts = new Map();
  for (const node of graph.nodes.values()) counts.set(node, {total: 0});
  for (const node of [...graph.nodes.values()].reverse()) {
    if (node.kind === "Metric") continue;
    const own = counts.get(node);
    if (sieve.node(node)) add(own, node.kind, 1);
    if (!node.parent) continue;
    for (const [kind, count] of Object.entries(own)) if (kind !== "total") add(counts.get(node.parent), kind, count);
  }
  return counts;

  function add(sums, kind, count) {
    sums[kind] = (sums[kind] ?? 0) + count;
    sums.total += count;
  }
}

/** One line for each pair of marks, with all facts between the two. */
function linesBetween(facts, standIn, sieve) {
  const lines = new Map();
  for (const fact of facts) {
    const from = standIn.get(fact.subject);
    const to = standIn.get(fact.object);
    if (!from || !to || from === to || !sieve.fact(fact)) continue;
    const id = lineId(from.id, to.id);
    if (!lines.has(id)) lines.set(id, {id, from, to, facts: []});
    lines.get(id).facts.push(fact);
  }
  return lines;
}

/** Of too many lines, those between nodes, those of the selected mark, and of the others those that stand for most facts. */
function thinned(lines, selected) {
  if (lines.size <= LINE_LIMIT) return lines;
  const isKept = ({id, from, to}) => !(from.counts || to.counts) || [id, from.id, to.id].includes(selected);
  const weight = (line) => (isKept(line) ? Number.MAX_VALUE : line.facts.length);
  const ranked = [...lines.values()].sort((a, b) => weight(b) - weight(a));
  return new Map(ranked.filter((line, rank) => rank < LINE_LIMIT || isKept(line)).map((line) => [line.id, line]));
}

/** The name of the line between two marks, the same both ways. */
const lineId = (a, b) => (a < b ? `${a}~${b}` : `${b}~${a}`);

/** The nodes on a shortest way between two over facts that pass, both ends included; empty where there is none. */
function shortestPath(graph, sieve, from, to) {
  const before = new Map([[from, undefined]]);
  let edge = [from];
  while (edge.length && !before.has(to)) {
    const next = [];
    for (const node of edge) {
      for (const fact of node.facts) {
        const other = otherEnd(fact, node);
        if (before.has(other) || !sieve.fact(fact) || !(other === to || sieve.node(other))) continue;
        before.set(other, node);
        next.push(other);
      }
    }
    edge = next;
  }
  if (!before.has(to)) return [];
  const path = [];
  for (let node = to; node; node = before.get(node)) path.unshift(node);
  return path;
}
