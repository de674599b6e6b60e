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

// Stations too close to tell apart become one that names them all, until one comes nearer.
const NEAR = { x: 56, y: 32 };

const grouped = (map, stations) => {
  const groups = [];
  for (const one of stations) {
    const at = map.latLngToContainerPoint(one.point);
    const group = groups.find(
      (each) => Math.abs(each.at.x - at.x) < NEAR.x && Math.abs(each.at.y - at.y) < NEAR.y,
    );
    if (group) group.members.push(one);
    else groups.push({ at, members: [one] });
  }
  return groups.map((group) => group.members);
};

const marker = (L, members) => {
  const [first] = members;
  const ring = document.createElement("span");
  ring.textContent = members.length > 1 ? `${first.number} +${members.length - 1}` : first.number;
  const name = members.map((one) => `${one.number}. ${one.link.textContent}`).join("; ");
  const width = members.length > 1 ? 52 : 28;
  const made = L.marker(first.point, {
    alt: name,
    title: name,
    icon: L.divIcon({ className: "pin", html: ring, iconSize: [width, 28] }),
  });
  const list = document.createElement("ol");
  for (const one of members) {
    const item = document.createElement("li");
    item.append(`${one.number}. `, one.link.cloneNode(true));
    list.append(item);
  }
  return made.bindPopup(list);
};

const fit = (map, points) => {
  if (points.length) map.fitBounds(points, { padding: [36, 36], maxZoom: 15 });
  else map.setView([0, 0], 2);
};

const numbered = (rows) =>
  rows.map((row, n) => {
    const number = row.dataset.number || n + 1;
    const tag = Object.assign(document.createElement("span"), { className: "tag", textContent: number });
    row.querySelector(".date")?.append(tag);
    return { number, link: row.querySelector("a"), point: [Number(row.dataset.lat), Number(row.dataset.lon)] };
  });

// A route is a dotted line, as everywhere.
const way = (L, stations) =>
  L.polyline(
    stations.map((each) => each.point),
    { color: ink("--accent"), weight: 4, dashArray: "0 9", lineCap: "round", interactive: false },
  );

const one = (L, box) => {
  const point = [Number(box.dataset.lat), Number(box.dataset.lon)];
  const name = document.querySelector("h1").textContent;
  const icon = L.divIcon({ className: "pin", html: document.createElement("span"), iconSize: [28, 28] });
  return L.marker(point, { alt: name, title: name, icon, keyboard: false });
};

export const draw = async () => {
  const box = document.getElementById("map");
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
  if (box.dataset.lat) {
    const single = one(L, box).addTo(map);
    fit(map, [single.getLatLng()]);
  } else {
    const stations = numbered([...document.querySelectorAll(".row[data-lat], .station[data-lat]")]);
    fit(map, stations.map((each) => each.point));
    if (document.querySelector(".station[data-lat]")) way(L, stations).addTo(map);
    const layer = L.layerGroup().addTo(map);
    const place = () => {
      layer.clearLayers();
      for (const members of grouped(map, stations)) layer.addLayer(marker(L, members));
    };
    map.on("zoomend", place);
    place();
  }
  await base(L, map, box.dataset.base);
};
