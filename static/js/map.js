// The map: the city's own lines, and a numbered station for each row of the list beside it.

const load = (folder) =>
  new Promise((done, failed) => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = `${folder}leaflet.css`;
    const script = document.createElement("script");
    script.src = `${folder}leaflet.js`;
    script.onload = () => done(window.L);
    script.onerror = failed;
    document.head.append(style, script);
  });

const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const look = {
  district: () => ({ color: ink("--edge"), weight: 1, dashArray: "2 5", fill: false }),
  water: () => ({ stroke: false, fillColor: "#7fa8bd", fillOpacity: 0.45 }),
  "old-river": () => ({ color: "#7fa8bd", weight: 2, dashArray: "1 6" }),
  park: () => ({ stroke: false, fillColor: ink("--accent"), fillOpacity: 0.14 }),
  rail: () => ({ color: ink("--ink-2"), weight: 1.5, dashArray: "6 4" }),
  street: (p) => ({ color: ink("--line"), weight: p.class === "main" ? 4 : 1.5 }),
  bridge: () => ({ color: ink("--edge"), weight: 3 }),
};
const order = ["district", "water", "old-river", "park", "street", "rail", "bridge"];

const base = async (L, map, address) => {
  const answer = await fetch(address);
  const { features } = await answer.json();
  const language = document.documentElement.lang;
  for (const layer of order) {
    const drawn = features.filter((feature) => feature.properties.layer === layer);
    L.geoJSON(drawn, {
      interactive: false,
      style: (feature) => look[layer](feature.properties),
    }).addTo(map);
  }
  for (const { properties, geometry } of features) {
    if (properties.layer !== "district") continue;
    const centre = L.geoJSON(geometry).getBounds().getCenter();
    const name = properties.name[language] || properties.name.es || properties.key;
    const label = document.createElement("span");
    label.textContent = name;
    L.marker(centre, {
      interactive: false,
      keyboard: false,
      icon: L.divIcon({ className: "district-name", html: label, iconSize: null }),
    }).addTo(map);
  }
};

const station = (L, map, point, number, name) => {
  const ring = document.createElement("span");
  ring.textContent = number;
  const marker = L.marker(point, {
    alt: name,
    title: name,
    keyboard: true,
    icon: L.divIcon({ className: "pin", html: ring, iconSize: [28, 28] }),
  });
  return marker.addTo(map);
};

export const draw = async () => {
  const box = document.getElementById("map");
  const rows = [...document.querySelectorAll(".row[data-lat],.station[data-lat]")];
  const own = box.dataset.lat ? [[Number(box.dataset.lat), Number(box.dataset.lon)]] : [];
  let L;
  try {
    L = await load(box.dataset.leaflet);
  } catch {
    box.hidden = true;
    return;
  }
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(box, { zoomAnimation: !still, fadeAnimation: !still, scrollWheelZoom: false });
  map.attributionControl.setPrefix(false);
  if (box.dataset.tiles) {
    L.tileLayer(box.dataset.tiles, { attribution: box.dataset.attribution }).addTo(map);
  }
  const points = own.length ? own : rows.map((row) => [Number(row.dataset.lat), Number(row.dataset.lon)]);
  if (points.length) map.fitBounds(points, { padding: [36, 36], maxZoom: 15 });
  else map.setView([0, 0], 2);
  await base(L, map, box.dataset.base);
  if (own.length) station(L, map, own[0], "", document.querySelector("h1").textContent);
  else rows.forEach((row, n) => stationOf(L, map, row, n + 1));
};

const stationOf = (L, map, row, number) => {
  const link = row.querySelector("a");
  const point = [Number(row.dataset.lat), Number(row.dataset.lon)];
  const marker = station(L, map, point, number, `${number}. ${link.textContent}`);
  const copy = link.cloneNode(true);
  marker.bindPopup(copy, { closeButton: true });
  row.querySelector(".date")?.append(Object.assign(document.createElement("span"), {
    className: "tag",
    textContent: number,
  }));
};
