/** So many facts of one relation are listed at once, and with so many or fewer their quotes stand open. */
const LISTED = 40;
const QUOTES_OPEN = 6;

const $ = (id) => document.getElementById(id);

/**
 * An element. Strings become text, never markup; `on…` properties become listeners, those that are null or false are
 * left out, all others become attributes.
 */
function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** The mark of a class, as in the picture. */
function kindMark(kind) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "-1.5 -1.5 3 3");
  svg.setAttribute("class", `kind kind-${kind.toLowerCase()}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[kind]);
  svg.append(path);
  return svg;
}

/** The side panel: what is known of a node or between two, and the sentences that say so. */
class Panel {
  constructor(element, graph, actions) {
    Object.assign(this, {element, graph, actions});
  }

  clear() {
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  /** Show a node; `buttons` are what can be done with it. */
  showNode(node, sieve, buttons) {
    this.sieve = sieve;
    const facts = node.facts.filter((fact) => sieve.evidence(fact).length);
    const figures = facts.filter((fact) => fact.relation === "has_metric" && fact.subject === node);
    const others = facts.filter((fact) => !figures.includes(fact));
    this.#fill(
      this.#head(node),
      h(
        "div",
        {class: "buttons"},
        buttons.map(([label, act]) => h("button", {type: "button", onclick: act}, label)),
      ),
      this.#describe(node),
      node.quantity && this.#figureTable([{object: node, evidence: []}]),
      figures.length > 0 && h("section", {}, heading(t("figures"), figures.length), this.#figureTable(figures)),
      groupFacts(others, node).map(([name, same]) =>
        this.#factList(name, same, (fact) => [this.link(otherEnd(fact, node))]),
      ),
      !node.isGroup && facts.length === 0 && h("p", {class: "note"}, t("noFacts")),
      node.isGroup && this.#members(node),
    );
  }

  /** Show what is stated between two marks. */
  showLine({from, to, facts}, sieve) {
    this.sieve = sieve;
    const shown = facts.filter((fact) => sieve.evidence(fact).length);
    this.#fill(
      h(
        "header",
        {},
        h("p", {class: "class"}, t("between")),
        h("h2", {}, this.link(from.node), " — ", this.link(to.node)),
      ),
      groupFacts(shown).map(([name, same]) =>
        this.#factList(name, same, (fact) => [
          this.link(fact.subject),
          h("span", {class: "arrow"}, "→"),
          this.link(fact.object),
        ]),
      ),
    );
  }

  #fill(...content) {
    const hadFocus = this.element.contains(document.activeElement);
    const close = h(
      "button",
      {type: "button", class: "close", "aria-label": t("close"), onclick: this.actions.close},
      "×",
    );
    this.element.replaceChildren(close, ...content.flat().filter(Boolean));
    this.element.hidden = false;
    this.element.scrollTop = 0;
    if (hadFocus) this.element.focus();
  }

  #head(node) {
    return h(
      "header",
      {},
      h("p", {class: "class"}, kindMark(node.kind), kindName(node.kind)),
      h("h2", {}, this.graph.name(node)),
    );
  }

  #describe(node) {
    const line = (label, text) => (text ? [h("dt", {}, label), h("dd", {}, text)] : []);
    const {quantity} = node;
    const others = quantity ? [] : node.names;
    return h(
      "dl",
      {class: "about"},
      line(t("otherNames"), others.join("、")),
      line(t("code"), node.code),
      line(t("stated"), quantity?.stated),
      node.children.length > 0 && line(t("inside"), this.#insideText(node)),
    );
  }

  #insideText(node) {
    const counts = new Map();
    const waiting = [...node.children];
    while (waiting.length) {
      const {kind, isGroup, children} = waiting.pop();
      if (!isGroup) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      waiting.push(...children);
    }
    return Object.keys(KINDS)
      .filter((kind) => counts.has(kind))
      .map((kind) => `${kindName(kind)} ${formatNumber(counts.get(kind))}`)
      .join(" · ");
  }

  #members(node) {
    const item = (child) => h("li", {}, this.link(child));
    return h(
      "section",
      {},
      heading(t("inside"), node.children.length),
      inPortions(h("ul", {class: "members"}), node.children, item),
    );
  }

  link(node) {
    const pick = () => this.actions.pick(node.id);
    return h("button", {type: "button", class: "link", onclick: pick}, kindMark(node.kind), this.graph.name(node));
  }

  #factList(name, facts, content) {
    const isOpen = facts.length <= QUOTES_OPEN;
    const item = (fact) =>
      h("li", {}, content(fact), fact.detail && h("span", {class: "detail"}, fact.detail), this.#quotes(fact, isOpen));
    return h("section", {}, heading(name, facts.length), inPortions(h("ul", {class: "facts"}), facts, item));
  }

  #figureTable(facts) {
    const hasChange = facts.some(({object}) => (object.quantity?.change ?? null) !== null);
    const head = [["measure"], ["value", "number"], ["unit"], hasChange && ["change", "number"]].filter(Boolean);
    const body = h("tbody");
    const row = (fact) => {
      const {quantity, label} = fact.object;
      const evidence = this.sieve.evidence(fact);
      if (!quantity) return [h("tr", {}, h("td", {colspan: 4}, label))];
      const quotes = h("tr", {class: "quotes", hidden: true}, h("td", {colspan: 4}));
      const toggle = (event) => {
        quotes.hidden = !quotes.hidden;
        event.currentTarget.setAttribute("aria-expanded", String(!quotes.hidden));
        if (!quotes.hidden) quotes.firstChild.replaceChildren(this.#quoteList(evidence));
      };
      const measure = [quantity.measure || label, quantity.period && h("small", {}, quantity.period)];
      const first = evidence.length
        ? h("button", {type: "button", class: "measure", "aria-expanded": "false", onclick: toggle}, measure)
        : measure;
      const change = quantity.change === null ? "" : formatChange(quantity.change);
      const trend = quantity.change > 0 ? "up" : "down";
      return [
        h(
          "tr",
          {},
          h("th", {scope: "row"}, first),
          h("td", {class: "number"}, formatValue(quantity)),
          h("td", {}, quantity.unit),
          hasChange && h("td", {class: `number ${trend}`}, change),
        ),
        quotes,
      ];
    };
    return h(
      "table",
      {class: "figures"},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head.map(([key, name]) => h("th", {scope: "col", class: name}, t(key))),
        ),
      ),
      inPortions(body, facts, row),
    );
  }

  /** The quotes under a fact, made when they are first opened. */
  #quotes(fact, isOpen) {
    const evidence = this.sieve.evidence(fact);
    const details = h("details", {}, h("summary", {}, t("sources", evidence.length)));
    const fill = () => details.childElementCount === 1 && details.append(this.#quoteList(evidence));
    details.addEventListener("toggle", fill);
    if (isOpen) {
      fill();
      details.open = true;
    }
    return details;
  }

  #quoteList(evidence) {
    return inPortions(h("ul"), evidence, (one) => h("li", {}, this.#quote(one)));
  }

  /** One quote, marked inside its sentence, and where it stands. */
  #quote({document: source, sentence, start, end, rule, confidence}) {
    const text = this.graph.sentences?.[sentence];
    const marked = text && [text.slice(0, start), h("mark", {}, text.slice(start, end)), text.slice(end)];
    const only = () => this.actions.onlyDocument(source.id);
    return h(
      "figure",
      {},
      h("blockquote", {}, marked ?? t("reading")),
      h(
        "figcaption",
        {},
        h(
          "button",
          {type: "button", class: "source", title: `${source.name}\n${t("onlyThisDocument")}`, onclick: only},
          sourceName(source),
        ),
        h("span", {class: "rule"}, `${t("rule")} ${rule} · ${t("sure")} ${formatNumber(confidence)}`),
      ),
    );
  }
}

const heading = (name, count) => h("h3", {}, name, h("span", {class: "count"}, formatNumber(count)));

/** Facts by what they are called from a node's side; without a node, by relation. */
function groupFacts(facts, node) {
  const groups = new Map();
  for (const fact of facts) {
    const name = relationName(fact.relation, Boolean(node) && fact.subject !== node);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(fact);
  }
  return [...groups].sort(([, a], [, b]) => relationRank(a[0].relation) - relationRank(b[0].relation));
}

/** Relations in the order of the legend, places last. */
function relationRank(relation) {
  const rank = Object.keys(RELATIONS).indexOf(relation);
  return relation === "located_in" ? 100 : rank < 0 ? 50 : rank;
}

/** Fill a list with the first items and a button for more. */
function inPortions(list, items, render, from = 0) {
  const next = from + LISTED;
  list.append(...items.slice(from, next).flatMap(render));
  if (items.length <= next) return list;
  const isTable = list.localName === "tbody";
  const more = h("button", {type: "button", class: "more"}, t("showAll", Math.min(LISTED, items.length - next)));
  const last = isTable ? h("tr", {}, h("td", {colspan: 4}, more)) : h("li", {class: "last"}, more);
  more.addEventListener("click", () => {
    last.remove();
    inPortions(list, items, render, next);
  });
  list.append(last);
  return list;
}
