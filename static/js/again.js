// While something is worked on, the page looks again by itself; without this one presses a link.
const pause = 1500;

export const again = (box) => {
  const look = async () => {
    const answer = await fetch(box.dataset.again, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok) return setTimeout(look, 4 * pause);
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("progress");
    if (!next) return location.reload();
    const bar = box.querySelector("progress");
    const fresh = next.querySelector("progress");
    if (fresh.max && fresh.hasAttribute("value")) {
      bar.max = fresh.max;
      bar.value = fresh.value;
    }
    box.querySelector("[role=status]").replaceChildren(...next.querySelector("[role=status]").childNodes);
    return setTimeout(look, pause);
  };
  setTimeout(look, pause);
};
