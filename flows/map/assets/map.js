"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const map = document.getElementById("map"), world = document.getElementById("world");
  const mini = document.getElementById("mini"), about = document.getElementById("about");
  const whole = {width: +map.dataset.width, height: +map.dataset.height};
  const cards = new Map(data.map.cards.map(card => [card.node, card]));
  const shapes = new Map([...world.querySelectorAll(".card")].map(g => [g.dataset.node, g]));
  const wires = [...world.querySelectorAll(".wires > g")];
  const svg = (name, of) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(of)) made.setAttribute(key, value);
    return made;
  };
  const html = (name, text, of) => Object.assign(document.createElement(name), text === undefined ? {} : {textContent: text}, of);
  const box = new Map([...shapes].map(([node, g]) => {
    const [x, y] = g.getAttribute("transform").match(/-?[\d.]+/g).map(Number), size = g.querySelector(".shape").getBBox();
    return [node, {x, y, width: size.width, height: size.height}];
  }));
  const folded = new Set();
  let at = {x: 0, y: 0, by: 1}, chosen = "";

  // --- where the reader looks ---------------------------------------------------------------------------------------
  const LEAST = 0.05, MOST = 3, EDGE = 24;
  function look(x, y, by) {
    at = {x, y, by: Math.min(MOST, Math.max(LEAST, by))};
    world.setAttribute("transform", `translate(${at.x} ${at.y}) scale(${at.by})`);
    const view = mini.querySelector(".mini-view"), size = map.getBoundingClientRect();
    for (const [key, value] of Object.entries({x: -at.x / at.by, y: -at.y / at.by, width: size.width / at.by, height: size.height / at.by}))
      view.setAttribute(key, value);
  }
  function fit() {
    const size = map.getBoundingClientRect();
    const by = Math.min((size.width - 2 * EDGE) / whole.width, (size.height - 2 * EDGE) / whole.height, 1);
    look((size.width - whole.width * by) / 2, (size.height - whole.height * by) / 2, by);
  }
  function begin() {  // legible, from the start of the call; the minimap shows the rest
    const size = map.getBoundingClientRect(), by = Math.min(1, Math.max(0.6, size.height / whole.height));
    const first = box.get(data.map.starts[0]?.target) ?? {x: 0, y: 0, height: 0};
    look(EDGE, size.height / 2 - (first.y + first.height / 2) * by, by);
    if (whole.width * by <= size.width && whole.height * by <= size.height) fit();
  }
  function zoom(by, x, y) {
    const size = map.getBoundingClientRect();
    x ??= size.width / 2; y ??= size.height / 2;
    const next = Math.min(MOST, Math.max(LEAST, at.by * by));
    look(x - (x - at.x) * next / at.by, y - (y - at.y) * next / at.by, next);
  }
  function show(node) {
    const of = box.get(node), size = map.getBoundingClientRect(), by = Math.max(at.by, 0.8);
    const room = size.width - (about.hidden || size.width < 640 ? 0 : about.offsetWidth);
    look(room / 2 - (of.x + of.width / 2) * by, size.height * (size.width < 640 ? 0.2 : 0.5) - (of.y + of.height / 2) * by, by);
  }

  // --- a card ---------------------------------------------------------------------------------------------------------
  const words = name => name.replaceAll("_", " ");
  function link(node, text) {
    if (!shapes.has(node)) return html("span", text ?? words(node));
    const made = html("a", text ?? words(node), {href: `#node-${node}`});
    made.addEventListener("click", event => { event.preventDefault(); choose(node); });
    return made;
  }
  function section(title, items) {
    const list = html("ul");
    for (const item of items) { const row = html("li"); row.append(...[item].flat()); list.append(row); }
    return items.length ? [html("h3", title), list] : [];
  }
  function choose(node) {
    shapes.get(chosen)?.classList.remove("chosen");
    chosen = node;
    light();
    about.hidden = !node;
    if (!node) return;
    const card = cards.get(node), told = document.getElementById("told");
    shapes.get(node).classList.add("chosen");
    const spoken = Object.entries(card.spoken).filter(([, texts]) => texts.length);
    const ports = card.ports.map(port => {
      const row = [port.label ? html("kbd", port.shown) : html("span", port.shown), ` ${port.label} `];
      return port.target ? [...row, html("span", "→ ", {className: "to"}), link(port.target)] : [...row, "leads nowhere"];
    });
    const from = data.map.cards.flatMap(other => other.ports.filter(port => port.target === node)
      .map(port => [link(other.node), html("span", ` ${port.label || port.shown}`, {className: "to"})]));
    const marks = data.overlays.flatMap(one => (one.marks[node]?.details ?? []));
    const fold = html("button", folded.has(node) ? "Unfold" : "Fold what lies behind", {type: "button"});
    fold.addEventListener("click", () => { folded.has(node) ? folded.delete(node) : folded.add(node); hide(); choose(node); });
    const more = wires.some(wire => wire.dataset.from === node) ? [fold] : [];
    told.replaceChildren(
      html("h2", words(node) + (card.serves ? " ✓" : "")), html("p", card.meta, {className: "to"}),
      ...(card.presses === null ? [] : [html("p", `${card.presses} ${card.presses === 1 ? "key" : "keys"}, ${card.levels} ${card.levels === 1 ? "menu" : "menus"} on the way`, {className: "to"})]),
      ...(card.about ? [html("p", card.about)] : []), ...section("Findings", marks), ...section("What can happen", ports),
      ...spoken.flatMap(([tag, texts]) => [html("h3", tag), ...texts.map(text => html("p", text, {lang: tag}))]),
      ...section("Comes from", from), ...more);
    about.scrollTop = 0;
    show(node);
  }
  function light() {  // what leads to the chosen card and away from it; dashed where the map draws no line
    const ways = document.getElementById("ways");
    ways.replaceChildren();
    for (const wire of wires) wire.classList.toggle("lit", !!chosen && [wire.dataset.from, wire.dataset.to].includes(chosen));
    if (!chosen) return;
    const draw = (from, to) => {
      const a = box.get(from), b = box.get(to);
      if (!a || !b || shapes.get(to).classList.contains("folded")) return;
      const [x, y, u, v] = [a.x + a.width, a.y + a.height / 2, b.x, b.y + 20], bow = Math.max(60, Math.abs(u - x) / 3);
      ways.append(svg("path", {class: "way", d: `M${x} ${y}C${x + bow} ${y} ${u - bow} ${v} ${u} ${v}`}));
    };
    for (const port of cards.get(chosen).ports) if (port.kind === "elsewhere") draw(chosen, port.target);
  }
  function hide() {
    const gone = new Set(), todo = [...folded];
    while (todo.length) {
      const from = todo.pop();
      for (const wire of wires) if (wire.dataset.from === from && !gone.has(wire.dataset.to)) { gone.add(wire.dataset.to); todo.push(wire.dataset.to); }
    }
    for (const [node, g] of shapes) {
      g.classList.toggle("folded", gone.has(node));
      g.querySelector(".more")?.remove();
      if (folded.has(node) && !gone.has(node)) { const of = box.get(node); g.append(svg("circle", {class: "more", cx: of.width, cy: of.height, r: 9})); }
    }
    for (const wire of wires) wire.classList.toggle("folded", gone.has(wire.dataset.to) && (gone.has(wire.dataset.from) || folded.has(wire.dataset.from)));
    document.getElementById("unfold").hidden = !folded.size;
  }

  // --- overlays -------------------------------------------------------------------------------------------------------
  function overlay(name) {
    const one = data.overlays.find(each => each.name === name), legend = document.getElementById("legend");
    for (const g of shapes.values()) { g.classList.remove("marked"); g.style.removeProperty("--role"); g.querySelectorAll(".mark,.mark-words").forEach(old => old.remove()); }
    map.classList.toggle("over", !!one);
    legend.hidden = !one;
    legend.replaceChildren(...(one?.legend ?? []).map(([role, text]) => {
      const row = html("li"), swatch = html("i");
      swatch.style.setProperty("--swatch", `var(--${role})`);
      row.append(swatch, text);
      return row;
    }));
    if (one && !Object.keys(one.marks).length) legend.append(html("li", "nothing to show"));
    for (const [node, mark] of Object.entries(one?.marks ?? {})) {
      const g = shapes.get(node);
      if (!g) continue;
      g.classList.add("marked");
      g.style.setProperty("--role", `var(--${mark.role})`);
      const text = svg("text", {class: "mark-words", "text-anchor": "end", x: box.get(node).width - 6, y: -3});
      text.textContent = mark.text;
      const wide = text.textContent.length * 6 + 12;
      g.append(svg("rect", {class: "mark", x: box.get(node).width - wide, y: -14, width: wide, height: 15, rx: 4}), text);
    }
  }

  // --- the reader acts ------------------------------------------------------------------------------------------------
  const held = new Map();
  let far = 0, moved = 0;
  map.addEventListener("pointerdown", event => { held.set(event.pointerId, event); moved = 0; });
  map.addEventListener("pointermove", event => {
    const before = held.get(event.pointerId);
    if (!before) return;
    held.set(event.pointerId, event);
    if (held.size === 1) {
      moved += Math.abs(event.clientX - before.clientX) + Math.abs(event.clientY - before.clientY);
      if (moved > 4) { map.setPointerCapture(event.pointerId); map.classList.add("moving"); look(at.x + event.clientX - before.clientX, at.y + event.clientY - before.clientY, at.by); }
    } else {
      const [a, b] = [...held.values()], now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY), top = map.getBoundingClientRect();
      if (far) zoom(now / far, (a.clientX + b.clientX) / 2 - top.left, (a.clientY + b.clientY) / 2 - top.top);
      far = now; moved = 9;
    }
  });
  for (const ends of ["pointerup", "pointercancel"]) map.addEventListener(ends, event => { held.delete(event.pointerId); far = 0; map.classList.remove("moving"); });
  map.addEventListener("click", event => { if (moved <= 4) choose(event.target.closest(".card")?.dataset.node ?? ""); });
  map.addEventListener("wheel", event => {
    event.preventDefault();
    const top = map.getBoundingClientRect();
    zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), event.clientX - top.left, event.clientY - top.top);
  }, {passive: false});
  for (const g of shapes.values()) {
    g.setAttribute("tabindex", "0");
    g.setAttribute("role", "button");
    g.addEventListener("keydown", event => { if (["Enter", " "].includes(event.key)) { event.preventDefault(); choose(g.dataset.node); } });
    g.addEventListener("focus", () => { if (g.matches(":focus-visible")) show(g.dataset.node); });
  }
  document.addEventListener("keydown", event => {
    if (event.key === "Escape") { choose(""); return; }
    if (event.target.closest("input,select,aside") || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = {ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80]}[event.key];
    if (by) { event.preventDefault(); look(at.x + by[0], at.y + by[1], at.by); }
    else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") fit();
    else if (event.key === "/") { event.preventDefault(); document.getElementById("find").focus(); }
  });
  const find = document.getElementById("find");
  let place = -1;
  function matches() {  // by name first, then by what is said and offered
    const wanted = find.value.trim().toLowerCase(), has = texts => texts.join("\n").toLowerCase().includes(wanted);
    const named = card => has([card.node, words(card.node)]);
    const said = card => has([card.about, ...Object.values(card.spoken).flat(), ...card.ports.map(port => port.label)]);
    const all = wanted ? [...cards.values()] : [];
    return [...all.filter(named), ...all.filter(card => !named(card) && said(card))];
  }
  find.addEventListener("input", () => {
    place = -1;
    const found = new Set(matches().map(card => card.node));
    for (const [node, g] of shapes) g.classList.toggle("found", found.has(node));
    if (shapes.has(find.value)) choose(find.value);
  });
  find.addEventListener("keydown", event => {
    const found = matches();
    if (event.key !== "Enter" || !found.length) return;
    place = (place + 1) % found.length;
    choose(found[place].node);
  });
  document.getElementById("overlay").addEventListener("change", event => overlay(event.target.value));
  document.getElementById("in").addEventListener("click", () => zoom(1.25));
  document.getElementById("out").addEventListener("click", () => zoom(0.8));
  document.getElementById("fit").addEventListener("click", fit);
  document.getElementById("close").addEventListener("click", () => choose(""));
  document.getElementById("unfold").addEventListener("click", () => { folded.clear(); hide(); });
  for (const a of document.querySelectorAll(".everywhere a")) a.addEventListener("click", event => { event.preventDefault(); choose(a.getAttribute("href").slice(6)); });
  for (const of of box.values()) mini.append(svg("rect", {class: "mini-card", x: of.x, y: of.y, width: of.width, height: of.height, rx: 12}));
  mini.append(svg("rect", {class: "mini-view"}));
  mini.addEventListener("click", event => {
    const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(mini.getScreenCTM().inverse()), size = map.getBoundingClientRect();
    look(size.width / 2 - spot.x * at.by, size.height / 2 - spot.y * at.by, at.by);
  });
  addEventListener("resize", () => look(at.x, at.y, at.by));
  addEventListener("beforeprint", fit);
  begin();
  const asked = decodeURIComponent(location.hash).slice(6);
  if (shapes.has(asked)) choose(asked);
})();
