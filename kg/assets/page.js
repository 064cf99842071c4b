const isNarrow = () => matchMedia("(max-width: 760px)").matches;
/** Where there is no room for the picture beside all cards. */
const isCramped = () => matchMedia("(max-width: 1100px)").matches;

/** The page: what is chosen (a `State`), what came before it, and all that follows from a choice. */
class Page {
  #past = [];

  constructor(data) {
    this.graph = new Graph(data);
    this.search = new Search(this.graph);
    this.canvas = new Canvas($("canvas"), data.options, {
      onPick: (id) => this.pick(id),
      onOpen: (id) => this.toggle(id),
      onMove: () => this.#writeLinkSoon(),
    });
    this.panel = new Panel($("panel"), this.graph, {
      close: () => this.pick(""),
      pick: (id) => this.visit(id),
      onlyDocument: (id) => this.change((state) => (state.document = id)),
    });
    this.filters = new Filters($("filters"), this.graph, (alter) => this.change(alter));
    if (isNarrow()) this.#toggleFilters();
    this.#listen();
    this.#readLink();
  }

  // Choices

  /** Change a copy of the state, keep the old one for undo, and show what follows. */
  change(alter, {latest} = {}) {
    const next = this.state.copy();
    alter(next);
    if (keepWithinLimit(this.graph, next, latest)) this.#say(t("tooMany"));
    const [before, after] = [this.state.encode(this.graph), next.encode(this.graph)];
    if (before === after) {
      this.filters.show(this.state);
      return;
    }
    const isNarrowed = next.within && next.within !== this.state.within;
    this.#past.push(before);
    this.state = next;
    this.render();
    if (isNarrowed) this.fitAll(true);
  }

  undo() {
    if (!this.#past.length) return;
    this.state = State.decode(this.#past.pop(), this.graph);
    this.render();
  }

  reset() {
    this.change((state) => Object.assign(state, new State(this.graph.opened)));
    this.fitAll(true);
  }

  clearFilters() {
    const {kinds, relations, document, since, until, confidence, within} = new State([]);
    this.change((state) => Object.assign(state, {kinds, relations, document, since, until, confidence, within}));
  }

  pick(id) {
    this.change((state) => (state.selected = id));
  }

  /** Select a node from a list: bring it into the picture if it is not there, and into view. */
  visit(id) {
    const node = this.graph.nodes.get(id);
    this.change(
      (state) => {
        state.selected = id;
        state.kinds.delete(node.kind);
        for (let outer = node.parent; outer; outer = outer.parent) state.opened.add(outer.id);
        if (node.kind === "Metric") state.pinned.add(id);
      },
      {latest: node},
    );
    if (isNarrow() && !$("filters").hidden) this.#toggleFilters();
    const mark = this.view.marks.get(id);
    if (mark) this.#show([mark]);
  }

  /** What a double click does: open a bubble, show the neighbours of a node, or put them away again. */
  toggle(id) {
    const node = this.graph.nodes.get(id);
    if (this.view.marks.get(id)?.counts) this.open(node);
    else if (this.#hiddenNeighbours(node).length) this.expand(node);
    else this.retract(node);
  }

  open(node) {
    this.change(
      (state) => {
        state.opened.add(node.id);
        state.selected = "";
      },
      {latest: node},
    );
    const inside = [...this.view.marks.values()].filter((mark) => this.graph.isWithin(mark.node, node));
    if (inside.length) this.#show(inside, 1.3);
  }

  shut(node) {
    this.change((state) => state.opened.delete(node.id));
  }

  expand(node) {
    const hidden = this.#hiddenNeighbours(node);
    const shown = hidden.slice(0, Math.max(0, DRAW_LIMIT - this.view.marks.size));
    if (shown.length < hidden.length) this.#say(t("partShown", shown.length));
    this.change(
      (state) => {
        state.selected = node.id;
        for (const {id} of shown) state.pinned.add(id);
      },
      {latest: node},
    );
  }

  retract(node) {
    this.change((state) => {
      for (const fact of node.facts) state.pinned.delete(otherEnd(fact, node).id);
    });
  }

  /** The neighbours that pass the filters and are not in the picture, those with most facts first. */
  #hiddenNeighbours(node) {
    const {sieve, marks} = this.view;
    const hidden = new Set();
    for (const fact of node.facts) {
      const other = otherEnd(fact, node);
      const isShown = marks.has(other.id) && !marks.get(other.id).counts;
      if (!isShown && sieve.fact(fact.at) && sieve.node(other)) hidden.add(other);
    }
    return [...hidden].sort((a, b) => b.factCount - a.factCount);
  }

  findPath(from, to) {
    this.change((state) => {
      [state.from, state.to] = [from, to];
      if (isCramped() && from && to) state.selected = "";
      for (const {id} of this.#path(state)) state.pinned.add(id);
    });
    const marks = this.path.map(({id}) => this.view.marks.get(id)).filter(Boolean);
    if (marks.length > 1) this.#show(marks);
  }

  #path({from, to}) {
    const [start, end] = [from, to].map((id) => this.graph.nodes.get(id));
    return start && end ? shortestPath(this.graph, this.view.sieve, start, end) : [];
  }

  // What follows

  render() {
    const {graph, state} = this;
    this.view = project(graph, state);
    this.path = this.#path(state);
    const {counts} = this.view;
    const discs = graph.list.filter(
      (node) => node.disc && node.kind === "Region" && counts.total(node.at) && this.#isSpread(node),
    );
    this.canvas.show({
      ...this.view,
      discs: discs.map((node) => node.disc),
      bright: this.#bright(),
      path: this.path.map(({id}) => id),
      selected: state.selected,
      name: (node) => graph.name(node),
    });
    this.#renderPanel();
    this.filters.show(state);
    this.#renderPath();
    this.#renderStatus();
    $("undo").disabled = !this.#past.length;
    this.#writeLink();
  }

  /** Whether a node stands open, with all that it stands in. */
  #isSpread(node) {
    return !node || (this.state.opened.has(node.id) && this.#isSpread(node.parent));
  }

  /** The marks that stand out: the path, or the selected one and its neighbours; none if all are equal. */
  #bright() {
    if (this.path.length) return new Set(this.path.map(({id}) => id));
    const {selected} = this.state;
    const bright = new Set();
    for (const {id, from, to} of this.view.lines.values()) {
      if ([id, from.id, to.id].includes(selected)) bright.add(from.id).add(to.id);
    }
    return bright;
  }

  /** Take the sentences behind the facts, and show those that the panel waits for. */
  quote(sentences) {
    this.graph.sentences = sentences;
    this.#renderPanel();
  }

  #renderPanel() {
    const {selected} = this.state;
    const node = this.graph.nodes.get(selected);
    const line = this.view.lines.get(selected);
    document.body.classList.toggle("with-panel", Boolean(node ?? line));
    $("announce").textContent = node ? this.graph.name(node) : "";
    if (node) this.panel.showNode(node, this.view.sieve, this.#buttons(node));
    else if (line) this.panel.showLine(line, this.view.sieve);
    else this.panel.clear();
  }

  /** What can be done with a node: pairs of a label and an action. */
  #buttons(node) {
    const {state, view} = this;
    const isBubble = Boolean(view.marks.get(node.id)?.counts);
    const hidden = this.#hiddenNeighbours(node).length;
    const isExpanded = node.facts.some((fact) => state.pinned.has(otherEnd(fact, node).id));
    const mark = view.marks.get(node.id);
    return [
      isBubble && [t("open", formatNumber(mark.counts.total)), () => this.open(node)],
      !isBubble && hidden > 0 && [t("expand", formatNumber(hidden)), () => this.expand(node)],
      isExpanded && [t("retract"), () => this.retract(node)],
      node.children.length > 0 && this.#isSpread(node) && [t("shut"), () => this.shut(node)],
      node.children.length > 0 &&
        state.within !== node.id && [t("onlyWithin"), () => this.change((next) => (next.within = node.id))],
      !node.isGroup && [t("pathFromHere"), () => this.#askPath(node)],
      mark && [t("center"), () => this.#show([mark])],
    ].filter(Boolean);
  }

  #renderPath() {
    const {from, to} = this.state;
    if (from || to) this.#showPathCard(true);
    const name = (id) => (id ? this.graph.name(this.graph.nodes.get(id)) : "");
    [$("path-from").value, $("path-to").value] = [name(from), name(to)];
    const item = (node) => h("li", {}, this.panel.link(node));
    const steps = this.path.length
      ? [h("p", {}, t("pathSteps", this.path.length - 1)), h("ol", {}, this.path.map(item))]
      : from && to
        ? [h("p", {}, t("noPath"))]
        : [];
    $("path-steps").replaceChildren(...steps);
  }

  #renderStatus() {
    const {marks, lines} = this.view;
    const numbers = [marks.size, lines.size, this.graph.entityCount, this.graph.factCount].map(formatNumber);
    $("status").textContent = t("drawn", ...numbers);
    $("part").hidden = !this.graph.all;
    $("part").textContent = this.graph.all ? this.#partText() : "";
    $("nothing").hidden = marks.size > 0;
  }

  /** That the page holds only a part of the whole graph, and how much. */
  #partText() {
    const {all, factCount, evidenceCount} = this.graph;
    return t("part", ...[...all, factCount, evidenceCount].map(formatNumber));
  }

  /** Put all words of the frame into the language of the page. */
  #renderWords() {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.title = t("title");
    for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
    for (const element of document.querySelectorAll("[data-label]")) {
      element.setAttribute("aria-label", t(element.dataset.label));
      if (element.localName === "button") element.title = t(element.dataset.label);
    }
    $("search").placeholder = t(isNarrow() ? "searchShort" : "search");
    this.filters.build();
    $("help-list").replaceChildren(...t("helpText").flatMap(([key, does]) => [h("dt", {}, key), h("dd", {}, does)]));
  }

  // Camera and link

  fitAll(isAnimated) {
    this.#show([...this.view.marks.values()], 1.6, isAnimated);
  }

  #show(marks, nearest, isAnimated) {
    const boxes = marks.map(({x, y, size}) => [x, y, size + 40]);
    const hasPanel = !$("panel").hidden;
    const bottomEdge = (card) => card.offsetTop + card.offsetHeight;
    const rightEdge = (card) => card.offsetLeft + card.offsetWidth;
    const inset = isNarrow()
      ? {top: bottomEdge($("path")), bottom: hasPanel ? $("panel").offsetHeight : 0}
      : {left: Math.max(rightEdge($("filters")), rightEdge($("path"))), right: hasPanel ? $("panel").offsetWidth : 0};
    this.canvas.fit(boxes, {nearest, isAnimated, inset});
  }

  /** Put the state, and where the camera stands, into the address; not for the view that a bare address shows. */
  #writeLink() {
    clearTimeout(this.writing);
    const chosen = this.state.encode(this.graph);
    const camera =
      (chosen || this.hasMoved) && `at=${this.canvas.camera.map((number) => +number.toFixed(3)).join("_")}`;
    this.link = [chosen, language === "en" && "language=en", camera].filter(Boolean).join("&");
    history.replaceState(null, "", `#${this.link}`);
  }

  /** Not at every step of a wheel: browsers refuse that. */
  #writeLinkSoon() {
    this.hasMoved = true;
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.#writeLink(), 300);
  }

  #readLink() {
    const text = location.hash.slice(1);
    const fields = new URLSearchParams(text);
    language = fields.get("language") === "en" ? "en" : "zh";
    this.state = State.decode(text, this.graph);
    keepWithinLimit(this.graph, this.state);
    this.#renderWords();
    this.render();
    const [x, y, scale] = (fields.get("at") ?? "").split("_").map(Number);
    if ([x, y].every(Number.isFinite) && scale > 0) this.canvas.moveTo({x, y}, scale, false);
    else this.fitAll(false);
  }

  async #copyLink() {
    this.#writeLink();
    try {
      await navigator.clipboard.writeText(location.href);
      this.#say(t("linkCopied"));
    } catch {
      this.#say(t("linkInAddress"));
    }
  }

  async #save(picture, name) {
    const url = URL.createObjectURL(await picture);
    h("a", {href: url, download: name}).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }

  #say(text) {
    $("toast").textContent = text;
    $("toast").hidden = false;
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => ($("toast").hidden = true), 3500);
  }

  // Input

  #listen() {
    const clicks = {
      undo: () => this.undo(),
      reset: () => this.reset(),
      link: () => this.#copyLink(),
      picture: () => this.#save(this.canvas.toPng(), "tongbao.png"),
      drawing: () => this.#save(this.canvas.toSvg(), "tongbao.svg"),
      theme: () => this.#switchTheme(),
      language: () => this.#switchLanguage(),
      help: () => $("help-dialog").showModal(),
      "help-close": () => $("help-dialog").close(),
      "path-toggle": () => this.#askPath(),
      "filter-toggle": () => this.#toggleFilters(),
      "zoom-in": () => this.canvas.zoom(1.4),
      "zoom-out": () => this.canvas.zoom(1 / 1.4),
      fit: () => this.fitAll(true),
      "nothing-clear": () => this.clearFilters(),
    };
    for (const [id, act] of Object.entries(clicks)) $(id).addEventListener("click", act);
    combobox($("search"), $("found"), this, (id) => this.visit(id));
    combobox($("path-from"), $("path-from-found"), this, (id) => this.findPath(id, this.state.to));
    combobox($("path-to"), $("path-to-found"), this, (id) => this.findPath(this.state.from, id));
    document.addEventListener("keydown", (event) => this.#onKey(event));
    window.addEventListener("hashchange", () => location.hash.slice(1) !== this.link && this.#readLink());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#repaint());
  }

  #onKey(event) {
    if (event.target.closest("input, select, dialog")) return;
    const buttons = {"+": "zoom-in", "=": "zoom-in", "-": "zoom-out", 0: "fit", p: "path-toggle", "?": "help"};
    const button = buttons[event.key];
    let act;
    if (event.ctrlKey || event.metaKey) act = event.key === "z" && (() => this.undo());
    else if (event.key === "/") act = () => $("search").focus();
    else if (event.key === "Escape") act = () => this.#escape();
    else act = button ? () => $(button).click() : this.#canvasKey(event);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** What a key does while the picture has the focus. */
  #canvasKey({key, target}) {
    if (target !== $("canvas")) return undefined;
    const {selected} = this.state;
    const isMark = this.view.marks.has(selected);
    if (key === "Enter") return isMark && (() => this.toggle(selected));
    const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[key];
    if (!step) return undefined;
    return isMark
      ? () => this.pick(this.canvas.neighbourTowards(selected, ...step) ?? selected)
      : () => this.canvas.pan(...step);
  }

  #escape() {
    if (!$("path").hidden) return this.#askPath();
    this.pick("");
    return $("canvas").focus();
  }

  /** Open the path card, from a node if one is given; close it, and the path with it, if it is open. */
  #askPath(node) {
    const isOpening = $("path").hidden || Boolean(node);
    this.#showPathCard(isOpening);
    if (!isOpening) return this.findPath("", "");
    if (node) this.findPath(node.id, "");
    return $(this.state.from ? "path-to" : "path-from").focus();
  }

  #showPathCard(isShown) {
    $("path").hidden = !isShown;
    $("path-toggle").setAttribute("aria-expanded", String(isShown));
  }

  #toggleFilters() {
    $("filters").hidden = !$("filters").hidden;
    $("filter-toggle").setAttribute("aria-expanded", String(!$("filters").hidden));
  }

  #switchLanguage() {
    language = language === "zh" ? "en" : "zh";
    this.#renderWords();
    this.render();
  }

  #switchTheme() {
    const root = document.documentElement;
    const isDark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    this.#repaint();
  }

  #repaint() {
    this.canvas.readColours();
    this.render();
  }
}

let page;

/** Show the page, then read the sentences, which only the panel needs. */
function open(data) {
  page = new Page(data);
  const read = () => whenRead($("sentences"), (sentences) => page.quote(sentences));
  if ($("sentences").dataset.encoding === "plain") read();
  else requestAnimationFrame(() => setTimeout(read));
}

function whenRead(element, act) {
  const read = readData(element);
  if (read instanceof Promise) read.then(act);
  else act(read);
}

if ($("data").dataset.encoding !== "plain") $("status").textContent = t("reading");
whenRead($("data"), open);
