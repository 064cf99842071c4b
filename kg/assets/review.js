"use strict";
// Everything that comes from a page is put in as text, never as markup.
const DATA = JSON.parse(document.getElementById("data").textContent);
const decisions = DATA.decisions.slice();
const $ = (id) => document.getElementById(id);

// A visible sign for each character that could hide something or turn the direction of text.
function visible(text) {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]/gu, "\ufffd");
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children.map((child) => (typeof child === "string" ? visible(child) : child)));
  return made;
}

function both([zh, en]) {
  return [`${zh} `, element("small", { lang: "en" }, en)];
}

function today() {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}

function decide(said) {
  const by = $("by").value.trim();
  if (!by) {
    $("by").focus();
    $("by").reportValidity();
    return false;
  }
  const whole = { ...said, by, on: today() };
  const at = decisions.findIndex((other) => same(other, whole));
  if (at >= 0) decisions.splice(at, 1);
  decisions.push(whole);
  show();
  return true;
}

// Whether one decision takes the place of another: on the same finding, or on the same fact of the same document.
function same(one, other) {
  if (one.do === "accept" || other.do === "accept") return one.do === other.do && one.finding === other.finding;
  if (one.do === "add" || other.do === "add") return JSON.stringify([one.do, one.document, one.fact]) === JSON.stringify([other.do, other.document, other.fact]);
  return one.document === other.document && JSON.stringify(one.fact) === JSON.stringify(other.fact);
}

function isDecided(said) {
  return decisions.some((other) => other.do === said.do && same(other, said));
}

function finding(found) {
  const accept = { do: "accept", finding: found.id };
  return element(
    "article",
    { "data-finding": found.id },
    element("h3", {}, ...both(found.kind), ` · ${found.about}`),
    ...found.cited.map((cited) => citation(cited)),
    element("p", {}, button(["属实，不再列出", "accept"], accept, () => decide(accept))),
  );
}

function button(words, said, act) {
  return element("button", { type: "button", "aria-pressed": "false", "data-said": JSON.stringify(said), onclick: act }, ...both(words));
}

function citation(cited) {
  const reject = { do: "reject", document: cited.document, fact: cited.fact };
  const form = cited.value === null ? nameForm(cited) : figureForm(cited);
  form.hidden = true;
  return element(
    "div",
    { class: "cited" },
    element("div", { class: "says" }, cited.says),
    element("div", { class: "where" }, `${cited.document} ${cited.date}`),
    element("blockquote", { lang: "zh" }, cited.before, element("mark", {}, cited.quote), cited.after),
    button(["不成立", "reject"], reject, () => decide(reject)),
    " ",
    button(["改正", "correct"], { do: "correct", document: cited.document, fact: cited.fact }, () => {
      form.hidden = !form.hidden;
    }),
    form,
  );
}

function figureForm(cited) {
  const inputs = ["measure", "value", "unit"].map((name) =>
    element("input", { name, value: String(cited[name]), ...(name === "value" ? { type: "number", step: "any", required: "" } : {}) }),
  );
  const words = [["计量对象", "measure"], ["数值", "value"], ["单位", "unit"]];
  return correction(cited, inputs.map((input, i) => element("label", {}, ...both(words[i]), input)), (form) => ({
    measure: form.get("measure"),
    value: Number(form.get("value")),
    unit: form.get("unit"),
  }));
}

function nameForm(cited) {
  const inputs = ["subject", "object"].map((name, i) => element("input", { name, list: "names", value: cited.fact[i * 2], required: "" }));
  const words = [["主体", "subject"], ["客体", "object"]];
  return correction(cited, inputs.map((input, i) => element("label", {}, ...both(words[i]), input)), (form) => ({
    subject: form.get("subject").trim(),
    object: form.get("object").trim(),
  }));
}

function correction(cited, labels, to) {
  return element(
    "form",
    {
      onsubmit: (event) => {
        event.preventDefault();
        if (decide({ do: "correct", document: cited.document, fact: cited.fact, to: to(new FormData(event.target)) })) event.target.hidden = true;
      },
    },
    ...labels,
    element("button", {}, ...both(["记下", "set"])),
  );
}

function addMissing(event) {
  event.preventDefault();
  const form = new FormData(event.target);
  const relation = form.get("relation");
  const isFigure = DATA.relations[relation][2].every(([, target]) => target === "Metric");
  const object = isFigure
    ? { measure: form.get("measure").trim(), value: Number(form.get("value")), unit: form.get("unit").trim() }
    : form.get("object").trim();
  const said = { do: "add", document: form.get("document"), fact: [form.get("subject").trim(), relation, object], quote: form.get("quote") };
  for (const name of ["title", "why"]) if (form.get(name)?.trim()) said[name] = form.get(name).trim();
  if (decide(said)) event.target.reset();
  shape();
}

function shape() {
  const form = $("missing");
  const relation = form.elements.relation.value;
  const isFigure = DATA.relations[relation][2].every(([, target]) => target === "Metric");
  for (const label of form.querySelectorAll(".figure")) label.hidden = !isFigure;
  form.querySelector(".thing").hidden = isFigure;
  form.querySelector(".post").hidden = relation !== "holds_role_at";
  form.elements.object.required = !isFigure;
  form.elements.measure.required = form.elements.value.required = isFigure;
}

function lines() {
  return decisions.map((said) => JSON.stringify(said) + "\n").join("");
}

function show() {
  $("lines").value = lines();
  $("count").textContent = String(decisions.length);
  $("decisions").replaceChildren(
    ...decisions.map((said) =>
      element(
        "li",
        {},
        `${said.do} ${said.document || said.finding} ${said.fact ? said.fact.map((end) => (typeof end === "string" ? end : `${end.measure} ${end.value}${end.unit || ""}`)).join(" · ") : ""} (${said.by}) `,
        element("button", { type: "button", onclick: () => { decisions.splice(decisions.indexOf(said), 1); show(); } }, ...both(["撤销", "undo"])),
      ),
    ),
  );
  for (const made of document.querySelectorAll("[data-said]")) made.setAttribute("aria-pressed", String(isDecided(JSON.parse(made.dataset.said))));
  for (const article of document.querySelectorAll("article")) article.classList.toggle("decided", article.querySelector('[aria-pressed="true"]') !== null);
}

function save() {
  const link = element("a", { href: URL.createObjectURL(new Blob([lines()], { type: "application/jsonl" })), download: DATA.file });
  link.click();
  URL.revokeObjectURL(link.href);
}

$("findings").replaceChildren(...DATA.findings.map(finding));
$("missing").elements.document.replaceChildren(...DATA.documents.map((name) => element("option", { value: name }, name)));
$("missing").elements.relation.replaceChildren(...Object.entries(DATA.relations).map(([name, [zh, en]]) => element("option", { value: name }, `${zh} ${en}`)));
$("names").replaceChildren(...DATA.names.map((name) => element("option", { value: name })));
$("missing").addEventListener("submit", addMissing);
$("missing").elements.relation.addEventListener("change", shape);
$("save").addEventListener("click", save);
shape();
show();
