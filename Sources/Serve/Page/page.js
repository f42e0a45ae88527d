"use strict";

// What the rows of the session say, and nothing else: no row, no reading.
const EMOTIONS = ["angry", "happy", "neutral", "sad"];
const SPAN = 60; // seconds that the curves show
const WINDOWS = ["ok", "silence", "overlap", "dropped", "failed", "overrun", "device-lost"];
const WORDS = { silence: "no speech", overlap: "two at once" };
const SVG = "http://www.w3.org/2000/svg";

const query = new URLSearchParams(location.search);
const lanes = new Map(); // by speaker or channel
let session = { hop_s: 0.5, paced: true };
let newest = { time: 0, at: 0 }; // end of the newest window in the stream, and when it came
let source = null;

if (query.get("obs") === "1") document.documentElement.classList.add("obs");

function element(parent, name, className, text) {
  const node = document.createElement(name);
  node.className = className;
  node.textContent = text;
  parent.append(node);
  return node;
}

function makeLane(key) {
  const root = document.getElementById("lane").content.firstElementChild.cloneNode(true);
  const [label, bars, curves] = [".label", ".bars", ".curves"].map((name) => root.querySelector(name));
  const name = /^\d$/.test(key) ? `channel ${key}` : key;
  root.querySelector(".name").textContent = name;
  root.dataset.lane = key;
  const rows = EMOTIONS.map((emotion) => {
    element(bars, "span", emotion, `${emotion[0].toUpperCase()} ${emotion}`);
    const fill = element(element(bars, "div", `track ${emotion}`, ""), "div", "fill", "");
    const value = element(bars, "span", "", "");
    const path = curves.appendChild(document.createElementNS(SVG, "path"));
    return { emotion, fill, value, path };
  });
  return { key, root, label, rows, points: [], spoke: 0 };
}

function lane(key) {
  if (!lanes.has(key)) {
    // A speaker takes the place of the lane of nobody.
    if (key !== "") removeLane("");
    lanes.set(key, makeLane(key));
    const order = [...lanes.keys()].sort();
    document.getElementById("lanes").replaceChildren(...order.map((key) => lanes.get(key).root));
  }
  document.body.classList.toggle("many", lanes.size > 1);
  return lanes.get(key);
}

function removeLane(key) {
  lanes.get(key)?.root.remove();
  lanes.delete(key);
}

function show(lane, word, className, scores) {
  lane.label.textContent = word;
  lane.label.className = `label ${className}`;
  lane.rows.forEach(({ fill, value }, index) => {
    fill.style.width = scores ? `${100 * scores[index]}%` : "0";
    value.textContent = scores ? `${Math.round(100 * scores[index])} %` : "";
  });
}

function showAll(word) {
  for (const lane of lanes.values()) show(lane, word, "quiet", null);
}

function draw(lane) {
  lane.points = lane.points.filter((point) => point.time > newest.time - SPAN - 2);
  const lead = EMOTIONS.indexOf(lane.points.at(-1)?.label);
  lane.rows.forEach(({ emotion, path }, index) => {
    let before = null;
    let line = "";
    for (const point of lane.points) {
      if (!point.scores) { before = null; continue; }
      const joins = before !== null && point.time - before < 1.6 * session.hop_s;
      const x = 600 * (1 - (newest.time - point.time) / SPAN);
      line += `${joins ? "L" : "M"}${x.toFixed(1)} ${(98 - 96 * point.scores[index]).toFixed(1)}`;
      if (!joins) line += "h.1";
      before = point.time;
    }
    path.setAttribute("d", line);
    path.setAttribute("class", index === lead ? `${emotion} lead` : emotion);
  });
}

// A row about a window belongs to its speaker, else to its channel; one about nobody to every lane of the channel.
function take(row) {
  if (!WINDOWS.includes(row.status) || row.rms_dbfs === null) return;
  newest = { time: row.end_s, at: performance.now() };
  const scores = row.status === "ok" && row.s_angry !== null ? EMOTIONS.map((name) => row[`s_${name}`]) : null;
  const point = { time: (row.start_s + row.end_s) / 2, scores, label: row.smoothed_label };
  const own = row.speaker ?? (row.channel === null ? "" : String(row.channel));
  const isOfAll = row.channel === null && row.speaker === null && lanes.size > 0;
  for (const target of isOfAll ? [...lanes.values()] : [lane(own)]) {
    const isUnsure = row.smoothed_label === "unsure";
    const word = scores ? row.smoothed_label : WORDS[row.status] ?? "no reading";
    show(target, word, scores && !isUnsure ? row.smoothed_label : "quiet", scores);
    target.points.push(point);
    target.spoke = scores ? row.end_s : target.spoke;
  }
  if (row.speaker !== null) {
    for (const other of lanes.values()) if (other.key !== own) show(other, WORDS.silence, "quiet", null);
    // A speaker who was renamed, or is silent for long, has no curve left.
    for (const key of [...lanes.keys()]) if (lanes.get(key).spoke < newest.time - SPAN) removeLane(key);
  }
  for (const each of lanes.values()) draw(each);
  document.body.dataset.seq = row.seq;
}

function setState(text, isOff) {
  document.getElementById("state").textContent = text;
  document.documentElement.classList.toggle("off", isOff);
}

function connect() {
  const address = new URLSearchParams({ token: query.get("token") ?? "", last: "240" });
  source = new EventSource(`events?${address}`);
  let hasEnded = false;
  source.addEventListener("open", () => setState("live", false));
  source.addEventListener("session", (event) => {
    const next = JSON.parse(event.data);
    if (next.started !== session.started) {
      for (const key of [...lanes.keys()]) removeLane(key);
      newest = { time: 0, at: performance.now() };
      lane("");
    }
    [session, hasEnded] = [next, false];
  });
  source.addEventListener("row", (event) => take(JSON.parse(event.data)));
  source.addEventListener("end", () => {
    hasEnded = true;
    setState("ended", false);
    showAll("ended");
  });
  source.addEventListener("error", () => {
    // A browser tries again by itself, except after a refusal.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
    if (hasEnded) return;
    setState("no connection", true);
    showAll("no connection");
  });
}

lane("");
connect();
setInterval(() => {
  const isLate = session.paced && newest.time > 0 && performance.now() - newest.at > 1000 * Math.max(3, 4 * session.hop_s);
  if (isLate && source.readyState === EventSource.OPEN) showAll("no reading");
}, 500);
