/** The shape of each class, as a path in a circle of radius 1; the legend and the picture use the same. */
const SHAPES = {
  Region: polygon([...Array(6).keys()].map((corner) => [1.08, corner / 6])),
  Unit: "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
  Campaign: polygon([0, 1, 2, 3].map((corner) => [1.18, corner / 4])),
  Person: polygon([0, 1, 2].map((corner) => [1.25, corner / 3])),
  Award: polygon([...Array(10).keys()].map((corner) => [corner % 2 ? 0.56 : 1.3, corner / 10])),
  Policy: "M-.8-1.05H.35L.8-.6V1.05H-.8Z",
  Facility: "M0-1.1L1.05-.15V.95H-1.05V-.15Z",
  Metric: polygon([0, 1, 2, 3].map((corner) => [1.25, (corner + 0.5) / 4])),
};

/** A closed path through points given as radius and turn, clockwise from the top. */
function polygon(corners) {
  const points = corners.map(([radius, turn]) => {
    const angle = 2 * Math.PI * turn;
    return `${(radius * Math.sin(angle)).toFixed(3)} ${(-radius * Math.cos(angle)).toFixed(3)}`;
  });
  return `M${points.join("L")}Z`;
}

const PATHS = Object.fromEntries(Object.entries(SHAPES).map(([kind, data]) => [kind, new Shape(data)]));
const LABEL_SIZE = 12;
const LABEL_WIDTH = 10;
const FAINT = 0.22;

/** The picture: vis-network draws lines and calls back for marks; discs and labels are drawn around them. */
class Canvas {
  #marks = new Map();
  #lit = [];
  #bright = new Set();
  #path = [];
  #selected = "";
  #hovered = "";
  #discs = [];
  #widths = new Map();

  constructor(container, options, {onPick, onOpen, onMove}) {
    Object.assign(this, {container, onMove});
    this.nodes = new vis.DataSet();
    this.edges = new vis.DataSet();
    this.options = options;
    this.readColours();
    this.network = new vis.Network(container, {nodes: this.nodes, edges: this.edges}, this.#options());
    this.network.on("click", ({nodes, edges}) => onPick(nodes[0] ?? edges[0] ?? ""));
    this.network.on("doubleClick", ({nodes}) => nodes.length && onOpen(nodes[0]));
    this.network.on("hoverNode", ({node}) => this.#hover(node));
    this.network.on("blurNode", () => this.#hover(""));
    this.network.on("hoverEdge", () => this.#point(true));
    this.network.on("blurEdge", () => this.#point(false));
    this.network.on("beforeDrawing", (ctx) => {
      this.#thinLines();
      this.#drawDiscs(ctx);
    });
    this.network.on("afterDrawing", (ctx) => this.#drawOver(ctx));
    for (const event of ["dragEnd", "zoom", "animationFinished"]) this.network.on(event, () => onMove());
  }

  #options() {
    return {...this.options, nodes: {...this.options.nodes, ctxRenderer: (call) => this.#drawMark(call)}};
  }

  /** Give lines their colour, a fainter one where something stands out. */
  #paintLines(isFaint) {
    const {accent, ...colours} = this.colours;
    const line = isFaint ? colours["line-faint"] : colours.line;
    if (line === this.lineColour) return;
    this.lineColour = line;
    this.network.setOptions({edges: {color: {color: line, hover: line, highlight: accent, inherit: false}}});
  }

  /** Take the colours of the page's style, which knows light from dark. */
  readColours() {
    const probe = document.createElement("span");
    this.container.append(probe);
    const read = (name) => {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    };
    const names = ["ink", "muted", "paper", "line", "line-faint", "accent", "disc"];
    this.colours = Object.fromEntries(names.map((name) => [name, read(name)]));
    this.kindColours = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, read(kind.toLowerCase())]));
    this.font = getComputedStyle(document.body).fontFamily;
    probe.remove();
  }

  /** Show marks and lines; those among `bright` (all, if it is empty) stand out. */
  show({marks, lines, discs, bright, path, selected, name}) {
    const named = [...marks.values()].sort((a, b) => labelRank(b) - labelRank(a));
    for (const mark of named) mark.lines = wrap(name(mark.node));
    this.#marks = new Map(named.map((mark) => [mark.id, mark]));
    this.#path = path;
    this.#lit = [...lines.values()].filter(
      ({id, from, to}) => [id, from.id, to.id].includes(selected) || this.#isOnPath(from.id, to.id),
    );
    this.#discs = discs;
    this.#bright = bright;
    this.#selected = selected;
    sync(
      this.nodes,
      named.map(({id, x, y, size}) => ({id, x, y, size})),
    );
    sync(this.edges, [...lines.values()].map(lineItem));
    this.#paintLines(bright.size > 0);
    const lit = this.#lit.map(({id}) => id);
    this.network.setSelection({nodes: marks.has(selected) ? [selected] : [], edges: lit}, {highlightEdges: false});
    this.network.redraw();
  }

  #hover(id) {
    this.#hovered = id;
    this.#point(Boolean(id));
    this.network.redraw();
  }

  #point(isOver) {
    this.container.classList.toggle("pointing", isOver);
  }

  #isFaint(id) {
    return this.#bright.size > 0 && !this.#bright.has(id) && id !== this.#hovered;
  }

  #drawMark({ctx, id, x, y}) {
    const mark = this.#marks.get(id);
    const side = 2 * this.#drawnSize(mark);
    const dimensions = {width: side, height: side};
    return {nodeDimensions: dimensions, drawNode: () => this.#paint(ctx, mark, x, y)};
  }

  #paint(ctx, mark, x, y) {
    const {counts, node} = mark;
    const size = this.#drawnSize(mark);
    const colour = this.kindColours[node.kind];
    const strength = this.#isFaint(mark.id) ? FAINT : 1;
    ctx.translate(x, y);
    if (counts) this.#paintBubble(ctx, size, counts, colour, strength);
    else this.#paintShape(ctx, size, PATHS[node.kind], colour, strength);
    if (!this.#isChosen(mark.id)) return;
    ctx.beginPath();
    ctx.arc(0, 0, size + 5, 0, 2 * Math.PI);
    ctx.strokeStyle = this.colours.accent;
    ctx.lineWidth = 2 / Math.min(1, this.network.getScale());
    ctx.stroke();
  }

  /** Marks grow as the picture shrinks, so far as they have room: a dot of one pixel says nothing. */
  #drawnSize({id, size, counts}) {
    if (counts) return size;
    const room = this.#isChosen(id) || this.#path.includes(id) ? Infinity : size + 8;
    return Math.min(Math.max(size, 4.5 / this.network.getScale()), room);
  }

  #isChosen(id) {
    return id === this.#selected || id === this.#hovered;
  }

  #paintShape(ctx, size, shape, colour, strength) {
    ctx.save();
    ctx.scale(size, size);
    ctx.fillStyle = ctx.strokeStyle = this.colours.paper;
    ctx.lineWidth = 3 / size;
    ctx.stroke(shape);
    ctx.fill(shape);
    ctx.globalAlpha = strength;
    ctx.fillStyle = colour;
    ctx.fill(shape);
    ctx.restore();
  }

  /** A disc with a rim that tells the classes inside apart. */
  #paintBubble(ctx, size, counts, colour, strength) {
    this.#paintShape(ctx, size, PATHS.Unit, colour, 0.14 * Math.max(strength, 0.5));
    ctx.globalAlpha = strength;
    const rim = Math.min(size * 0.1, 5 / this.network.getScale());
    ctx.lineWidth = rim;
    let start = -Math.PI / 2;
    for (const kind of Object.keys(KINDS)) {
      const end = start + (2 * Math.PI * (counts[kind] ?? 0)) / counts.total;
      if (end === start) continue;
      ctx.beginPath();
      ctx.arc(0, 0, size - rim / 2, start, end);
      ctx.strokeStyle = this.kindColours[kind];
      ctx.stroke();
      start = end;
    }
  }

  /** Lines do not grow as one comes nearer: they would hide the marks. */
  #thinLines() {
    const shrink = Math.max(1, this.network.getScale() / 1.3);
    for (const {id, options} of Object.values(this.network.body.edges)) {
      options.width = (this.edges.get(id)?.width ?? 1) / shrink;
    }
  }

  /** A quiet disc behind each region that stands open. */
  #drawDiscs(ctx) {
    ctx.fillStyle = this.colours.disc;
    for (const [x, y, reach] of this.#discs) {
      ctx.beginPath();
      ctx.arc(x, y, reach, 0, 2 * Math.PI);
      ctx.fill();
    }
  }

  #drawOver(ctx) {
    const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.#drawWords(ctx);
    ctx.restore();
  }

  /** Everything written, in the pixels of the screen. */
  #drawWords(ctx) {
    const origin = this.network.canvasToDOM({x: 0, y: 0});
    const scale = this.network.getScale();
    const toScreen = ({x, y}) => ({x: x * scale + origin.x, y: y * scale + origin.y});
    this.#drawThinLines(ctx, toScreen, scale);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.strokeStyle = this.colours.paper;
    ctx.lineWidth = 3.5;
    const taken = new Boxes();
    this.#drawLabels(ctx, taken, toScreen, scale);
    this.#drawRelations(ctx, taken, toScreen);
  }

  /** From afar, the lines of a path are thinner than a pixel: draw them again, from mark to mark. */
  #drawThinLines(ctx, toScreen, scale) {
    if (scale > 0.6) return;
    ctx.strokeStyle = this.colours.accent;
    ctx.lineWidth = 1.6;
    for (const {from, to} of this.#lit) {
      if (!this.#isOnPath(from.id, to.id)) continue;
      const [a, b] = [toScreen(from), toScreen(to)];
      const way = Math.hypot(b.x - a.x, b.y - a.y);
      const [start, end] = [from, to].map((mark) => this.#drawnSize(mark) * scale + 1);
      if (way <= start + end) continue;
      const [dx, dy] = [(b.x - a.x) / way, (b.y - a.y) / way];
      ctx.beginPath();
      ctx.moveTo(a.x + dx * start, a.y + dy * start);
      ctx.lineTo(b.x - dx * end, b.y - dy * end);
      ctx.stroke();
    }
  }

  /** Labels at reading size whatever the zoom, the weightiest first, none over another. */
  #drawLabels(ctx, taken, toScreen, scale) {
    const {clientWidth, clientHeight} = this.container;
    const inView = [];
    for (const mark of this.#marks.values()) {
      const {x, y} = toScreen(mark);
      const radius = this.#drawnSize(mark) * scale;
      const isNear =
        x > -80 - radius && x < clientWidth + 80 + radius && y > -30 - radius && y < clientHeight + 30 + radius;
      if (!isNear) continue;
      const item = {mark, x, y, radius};
      if (this.#isChosen(mark.id)) inView.unshift(item);
      else inView.push(item);
      if (!mark.counts && radius > 4) taken.add(x - radius * 0.8, y - radius * 0.8, x + radius * 0.8, y + radius * 0.8);
    }
    inView.sort((a, b) => this.#isFaint(a.mark.id) - this.#isFaint(b.mark.id));
    for (const {mark, x, y, radius} of inView) {
      const isForced = this.#isChosen(mark.id);
      const isFaint = this.#isFaint(mark.id);
      if (!isForced && !(isFaint ? mark.counts : this.#deservesLabel(mark, scale))) continue;
      const lines = mark.counts && radius > 22 ? [...mark.lines, formatNumber(mark.counts.total)] : mark.lines;
      this.#setFont(ctx, mark);
      const width = Math.max(...lines.map((line) => this.#width(ctx, line)));
      const height = lines.length * LABEL_SIZE * 1.25;
      const isCut = x > 0 && x < clientWidth ? (left) => left < 2 || left + width > clientWidth - 2 : () => false;
      const spot = labelSpots(mark, radius, width, height).find(([dx, dy]) => {
        const [left, top] = [x + dx - width / 2, y + dy - height / 2];
        return !isCut(left) && taken.isFree(left - 3, top, left + width + 3, top + height);
      });
      const [dx, dy] = spot ?? (isForced ? [0, radius + 4 + height / 2] : []);
      if (dx === undefined) continue;
      taken.add(x + dx - width / 2, y + dy - height / 2, x + dx + width / 2, y + dy + height / 2);
      ctx.fillStyle = isFaint || mark.node.kind === "Metric" ? this.colours.muted : this.colours.ink;
      lines.forEach((line, row) => {
        const at = y + dy + (row - (lines.length - 1) / 2) * LABEL_SIZE * 1.25;
        ctx.strokeText(line, x + dx, at);
        ctx.fillText(line, x + dx, at);
      });
    }
  }

  /** From afar, only regions, bubbles and what stands out are named: a picture full of words shows nothing. */
  #deservesLabel({id, size, counts, node}, scale) {
    return counts || node.kind === "Region" || this.#bright.has(id) || size * scale > 3.8;
  }

  /** What the lines of the selected node say, written on them. */
  #drawRelations(ctx, taken, toScreen) {
    ctx.font = `11px ${this.font}`;
    ctx.fillStyle = this.colours.accent;
    for (const {from, to, facts} of this.#lit) {
      if (from.counts || to.counts) continue;
      const [a, b] = [toScreen(from), toScreen(to)];
      const text = [...new Set(facts.map((fact) => relationName(fact.relation)))].slice(0, 2).join("、");
      const half = this.#width(ctx, text) / 2;
      if (Math.hypot(a.x - b.x, a.y - b.y) < 2 * half + 24) continue;
      const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
      if (!taken.isFree(x - half, y - 7, x + half, y + 7)) continue;
      taken.add(x - half, y - 7, x + half, y + 7);
      ctx.strokeText(text, x, y);
      ctx.fillText(text, x, y);
    }
  }

  #isOnPath(a, b) {
    return this.#path.some((id, step) => lineId(id, this.#path[step + 1] ?? "") === lineId(a, b));
  }

  #setFont(ctx, {node, counts}) {
    const isStrong = counts || node.kind === "Region";
    ctx.font = `${isStrong ? "600 13px" : `${LABEL_SIZE}px`} ${this.font}`;
  }

  #width(ctx, text) {
    const key = ctx.font.slice(0, 8) + text;
    if (!this.#widths.has(key)) this.#widths.set(key, ctx.measureText(text).width);
    return this.#widths.get(key);
  }

  /** Move so that these boxes, each [x, y, radius], fill the view; never nearer than `nearest`. */
  fit(boxes, {nearest = 1.3, isAnimated = true, inset = {}} = {}) {
    if (!boxes.length) return;
    const {left = 0, right = 0, top = 0, bottom = 0} = inset;
    const low = (axis) => Math.min(...boxes.map((box) => box[axis] - box[2]));
    const high = (axis) => Math.max(...boxes.map((box) => box[axis] + box[2]));
    const [x, y, width, height] = [low(0), low(1), high(0) - low(0), high(1) - low(1)];
    const {clientWidth, clientHeight} = this.container;
    const room = [clientWidth * 0.88 - left - right, clientHeight - top - bottom - 56].map((side) =>
      Math.max(side, 120),
    );
    const scale = Math.min(room[0] / width, room[1] / height, nearest);
    const position = {
      x: x + width / 2 + (right - left) / 2 / scale,
      y: y + height / 2 + (bottom - top) / 2 / scale,
    };
    this.moveTo(position, scale, isAnimated);
  }

  moveTo(position, scale, isAnimated) {
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const animation = isAnimated && !isCalm && {duration: 350, easingFunction: "easeOutQuad"};
    this.network.moveTo({position, scale, animation});
    if (isAnimated && isCalm) this.onMove();
  }

  /** The camera as x, y and scale. */
  get camera() {
    const {x, y} = this.network.getViewPosition();
    return [x, y, this.network.getScale()];
  }

  zoom(factor) {
    const [x, y, scale] = this.camera;
    this.moveTo({x, y}, scale * factor, true);
  }

  pan(dx, dy) {
    const [x, y, scale] = this.camera;
    this.moveTo({x: x + (dx * 80) / scale, y: y + (dy * 80) / scale}, scale, true);
  }

  /** The mark nearest to a given one in a direction. */
  neighbourTowards(id, dx, dy) {
    const start = this.#marks.get(id);
    let best;
    let shortest = Infinity;
    for (const mark of this.#marks.values()) {
      const along = (mark.x - start.x) * dx + (mark.y - start.y) * dy;
      const across = Math.abs((mark.x - start.x) * dy) + Math.abs((mark.y - start.y) * dx);
      const way = along + 2 * across;
      if (along > across / 2 && along > 0 && way < shortest) [best, shortest] = [mark.id, way];
    }
    return best;
  }

  /** The picture as shown, as SVG. */
  toSvg() {
    const {clientWidth, clientHeight} = this.container;
    const pen = new SvgPen(clientWidth, clientHeight, this.colours.paper, document.title);
    const origin = this.network.canvasToDOM({x: 0, y: 0});
    const lines = Object.values(this.network.body.edges);
    pen.save();
    pen.translate(origin.x, origin.y);
    pen.scale(this.network.getScale());
    this.#drawDiscs(pen);
    for (const line of lines) line.draw(pen);
    for (const line of lines) line.drawArrows(pen);
    for (const mark of this.#marks.values()) {
      pen.save();
      this.#paint(pen, mark, mark.x, mark.y);
      pen.restore();
    }
    pen.restore();
    this.#drawWords(pen);
    return pen.toBlob();
  }

  /** The picture as shown, as PNG. */
  toPng() {
    const shown = this.container.querySelector("canvas");
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [shown.width, shown.height];
    const ctx = copy.getContext("2d");
    ctx.fillStyle = this.colours.paper;
    ctx.fillRect(0, 0, copy.width, copy.height);
    ctx.drawImage(shown, 0, 0);
    return new Promise((resolve) => copy.toBlob(resolve, "image/png"));
  }
}

/** Labels of bubbles come first, then regions, then those with most facts. */
const labelRank = ({counts, node, size}) => (counts ? 1e6 + size : (node.kind === "Region" ? 1e3 : 0) + node.factCount);

/** Where a label may stand beside its mark, the best spot first: inside a bubble, below, above, beside. */
function labelSpots({counts}, radius, width, height) {
  const below = radius + 3 + height / 2;
  const beside = radius + 5 + width / 2;
  const around = [
    [0, below],
    [0, -below],
    [beside, 0],
    [-beside, 0],
  ];
  return counts ? [[0, 0], ...around] : around;
}

/** A name in at most two lines, cut between words, numbers and what is in quotation marks. */
function wrap(name) {
  if (name.length <= LABEL_WIDTH + 2) return [name];
  const parts = name.match(/[“《（]?(?:[\w.,%]+|.)[”》）、，]*/gsu);
  const half = Math.min(LABEL_WIDTH, Math.ceil(name.length / 2));
  let first = "";
  while (first.length < half) first += parts.shift();
  const rest = parts.join("");
  return [first.trim(), rest.length > LABEL_WIDTH + 2 ? `${[...rest].slice(0, LABEL_WIDTH).join("")}…` : rest];
}

function lineItem(line) {
  const {id, from, to} = line;
  if (from.counts || to.counts) {
    return {id, from: from.id, to: to.id, width: Math.min(0.5 + 0.2 * Math.log2(line.size), 1.6), arrows: ""};
  }
  const {facts} = line;
  const isPlace = facts.every(({relation}) => relation === "located_in" || relation === "part_of");
  const isMutual = facts.some(({subject}) => subject === to.node);
  const arrows = to.node.kind === "Metric" ? "" : isMutual ? "to, from" : "to";
  return {id, from: from.id, to: to.id, width: isPlace ? 0.6 : 1.3, arrows};
}

/** Make a data set hold these items, touching only those that differ. */
function sync(dataset, items) {
  const wanted = new Set(items.map(({id}) => id));
  dataset.remove(dataset.getIds().filter((id) => !wanted.has(id)));
  dataset.update(
    items.filter((item) => {
      const old = dataset.get(item.id);
      return !old || Object.keys(item).some((key) => item[key] !== old[key]);
    }),
  );
}

/** Boxes on the screen, with a quick test for free room. */
class Boxes {
  static #CELL = 64;
  #cells = new Map();

  add(...box) {
    this.#visit(box, (cell, key) => void (cell ? cell.push(box) : this.#cells.set(key, [box])));
  }

  isFree(left, top, right, bottom) {
    let isFree = true;
    this.#visit([left, top, right, bottom], (cell) => {
      if (cell?.some((box) => box[0] < right && left < box[2] && box[1] < bottom && top < box[3])) isFree = false;
    });
    return isFree;
  }

  #visit([left, top, right, bottom], act) {
    const cell = (place) => Math.floor(place / Boxes.#CELL);
    for (let column = cell(left); column <= cell(right); column++) {
      for (let row = cell(top); row <= cell(bottom); row++) {
        const key = column * 4096 + row;
        act(this.#cells.get(key), key);
      }
    }
  }
}
