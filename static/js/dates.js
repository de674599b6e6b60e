// The dates that a rule makes are shown as one types; without this a button shows them.
const form = document.querySelector("form[data-dates]");
const shown = form?.querySelector("[data-shown]");
let waiting = 0;
let asked = 0;

const show = async () => {
  const mine = ++asked;
  try {
    const answer = await fetch(form.dataset.dates, { method: "POST", body: new FormData(form) });
    const text = answer.ok ? await answer.text() : "";
    if (text && mine === asked) shown.innerHTML = text;
  } catch {
    // The button still shows them.
  }
};

form?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 300);
});
