// Enhancements only: every page works without this file.
document.documentElement.classList.add("js");

const say = (text) => {
  const note = document.getElementById("near-note");
  if (note) note.textContent = text;
};

// A position is asked for when somebody presses the button, and at no other time.
const locate = (button, done) => {
  button.disabled = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      button.disabled = false;
      // Three decimals are about a block: near enough, and no more of a person than needed.
      done(`${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`);
    },
    () => {
      button.disabled = false;
      say(button.dataset.refused || "");
    },
    { timeout: 10000, maximumAge: 60000 },
  );
};

for (const button of document.querySelectorAll("[data-near]")) {
  button.addEventListener("click", () =>
    locate(button, (point) => {
      const address = new URL(button.dataset.near, location.href);
      address.searchParams.set("near", point);
      location.assign(address);
    }),
  );
}

for (const button of document.querySelectorAll("[data-near-field]")) {
  button.addEventListener("click", () =>
    locate(button, (point) => {
      const field = document.getElementById(button.dataset.nearField);
      field.value = point;
      field.form.requestSubmit();
    }),
  );
}

// The others are of the same version as this one, so they are fetched under the same.
const { search: version } = new URL(import.meta.url);
const module = (name) => import(`./${name}.js${version}`);

if (document.getElementById("map")) module("map").then((map) => map.draw());
if (document.querySelector("[data-profile], [data-keep]")) module("profile").then((profile) => profile.keep());
if (document.querySelector("[data-save], [data-saved-routes], [data-print], [data-copy]")) module("carried").then((carried) => carried.start());

const box = document.querySelector("[data-suggest]");
if (box) module("suggest").then(({ suggest }) => suggest(box));

const passkey = document.querySelector("[data-passkey]");
if (passkey) module("passkey").then(({ offer }) => offer(passkey));

const progress = document.querySelector("[data-again]");
if (progress) module("again").then(({ again }) => again(progress));
