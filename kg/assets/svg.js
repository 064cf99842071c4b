/** A shape that a canvas and an SVG drawing both know: `data` is what an SVG path has in `d`. */
class Shape extends Path2D {
  constructor(data) {
    super(data);
    this.data = data;
  }
}

/**
 * A picture drawn as on a canvas and kept as SVG. It knows what this page, and vis-network for its lines, ask of a
 * canvas; lines meet round and text stands centred, always. Text is only ever text: hostile names stay inert.
 */
class SvgPen {
  static #NAMESPACE = "http://www.w3.org/2000/svg";

  fillStyle = "";
  strokeStyle = "";
  lineWidth = 1;
  globalAlpha = 1;
  font = "";
  x = 0;
  y = 0;
  zoom = 1;

  #saved = [];
  #path = "";
  #ruler = document.createElement("canvas").getContext("2d");

  constructor(width, height, paper, title) {
    const size = {viewBox: `0 0 ${width} ${height}`, width, height};
    this.svg = this.#element("svg", {...size, "stroke-linejoin": "round", "text-anchor": "middle"});
    this.#add("title", {}, title);
    this.#add("rect", {width, height, ...SvgPen.#paint("fill", paper)});
  }

  save() {
    this.#saved.push({...this});
  }

  restore() {
    Object.assign(this, this.#saved.pop());
  }

  translate(x, y) {
    this.x += x * this.zoom;
    this.y += y * this.zoom;
  }

  scale(factor) {
    this.zoom *= factor;
  }

  beginPath() {
    this.#path = "";
  }

  moveTo(x, y) {
    this.#path += `M${short(x)} ${short(y)}`;
  }

  lineTo(x, y) {
    this.#path += `L${short(x)} ${short(y)}`;
  }

  /** Clockwise, in two halves: SVG has no arc all the way round. */
  arc(x, y, radius, start, end) {
    const at = (angle) => `${short(x + radius * Math.cos(angle))} ${short(y + radius * Math.sin(angle))}`;
    const to = (angle) => `A${short(radius)} ${short(radius)} 0 0 1 ${at(angle)}`;
    this.#path += `M${at(start)}${to((start + end) / 2)}${to(end)}`;
  }

  closePath() {
    this.#path += "Z";
  }

  fill(shape) {
    this.#draw(shape, SvgPen.#paint("fill", this.fillStyle));
  }

  stroke(shape) {
    this.#draw(shape, {fill: "none", ...this.#outline()});
  }

  fillText(text, x, y) {
    this.#write(text, x, y, SvgPen.#paint("fill", this.fillStyle));
  }

  strokeText(text, x, y) {
    this.#write(text, x, y, {fill: "none", ...this.#outline()});
  }

  measureText(text) {
    this.#ruler.font = this.font;
    return this.#ruler.measureText(text);
  }

  toBlob() {
    return new Blob([new XMLSerializer().serializeToString(this.svg)], {type: "image/svg+xml"});
  }

  #outline() {
    return {"stroke-width": short(this.lineWidth), ...SvgPen.#paint("stroke", this.strokeStyle)};
  }

  #draw(shape, paint) {
    const data = shape?.data ?? this.#path;
    const transform = `matrix(${short(this.zoom)} 0 0 ${short(this.zoom)} ${short(this.x)} ${short(this.y)})`;
    this.#add("path", {d: data, transform, ...paint, ...(this.globalAlpha < 1 && {opacity: short(this.globalAlpha)})});
  }

  /** Half a letter lower than on a canvas, where `y` is the middle: not every program knows how to centre upright. */
  #write(text, x, y, paint) {
    const [, weight, size, family] = /^(\d+ )?([\d.]+)px (.*)$/.exec(this.font);
    const font = {"font-size": size, "font-family": family, ...(weight && {"font-weight": weight.trim()})};
    this.#add("text", {x: short(x), y: short(y + 0.35 * Number(size)), ...font, ...paint}, text);
  }

  #add(tag, attributes, text = "") {
    const element = this.#element(tag, attributes);
    element.textContent = text;
    this.svg.append(element);
  }

  #element(tag, attributes) {
    const element = document.createElementNS(SvgPen.#NAMESPACE, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  /** A colour as computed, `rgb(…)` or `rgba(…)`, for programs that only know it without its opacity. */
  static #paint(attribute, colour) {
    const [red, green, blue, opacity] = colour.match(/[\d.]+/g);
    return {[attribute]: `rgb(${red},${green},${blue})`, ...(opacity && {[`${attribute}-opacity`]: opacity})};
  }
}

const short = (number) => +number.toFixed(3);
