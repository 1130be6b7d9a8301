// The answer as you type. After a pause the form is sent as its button would send it, and the answer of the page that
// comes back takes the place of the one before. Without this script the button does the same.
const PAUSE = 400; // milliseconds; after a slow answer it is as long as that took, so that nobody is asked faster
const LATE = 20000;

for (const button of document.querySelectorAll("button[data-answers]")) answering(button.form, button);

function answering(form, button) {
  const said = form.querySelector("[data-said]");
  const place = form.querySelector("[data-answer]");
  const sorry = `The answer cannot be had just now. Press “${button.textContent}” to see why.`;
  let pause, asking, answered;
  let took = 0;

  const question = () => {
    const body = new URLSearchParams(new FormData(form));
    body.delete("find"); // searching for a child is a look of its own, and has its own button
    if (button.name) body.set(button.name, button.value);
    return body;
  };
  const busy = (is) => [said, place].forEach((part) => part.setAttribute("aria-busy", is));
  const show = (sentence, parts = []) => {
    place.replaceChildren(...parts);
    said.textContent = sentence;
    busy(false);
  };
  const stop = () => {
    clearTimeout(pause);
    asking?.abort();
    asking = undefined;
  };

  const ask = async () => {
    const mine = (asking = new AbortController());
    const late = setTimeout(() => mine.abort(), LATE);
    const body = question();
    const began = performance.now();
    try {
      const response = await fetch(form.action, { method: "POST", body, redirect: "error", signal: mine.signal });
      const text = response.ok ? await response.text() : "";
      if (asking !== mine) return;
      const page = new DOMParser().parseFromString(text, "text/html");
      const wrong = [...page.querySelectorAll(".govuk-error-summary__list li")].map((item) => item.textContent.trim());
      if (wrong.length) show(`No answer yet. ${wrong.join(" ")}`);
      else show(page.querySelector("[data-said]").textContent, page.querySelector("[data-answer]").childNodes);
      answered = body.toString();
    } catch {
      if (asking !== mine) return; // outdated: a newer question is asked or about to be
      answered = undefined;
      show(sorry);
    } finally {
      clearTimeout(late);
      took = performance.now() - began;
    }
  };

  form.addEventListener("input", (event) => {
    if (event.target.name === "find") return;
    stop();
    const same = question().toString() === answered;
    busy(!same); // an answer to other facts is never shown as if it were the answer to these
    if (!same) pause = setTimeout(ask, Math.max(PAUSE, took));
  });
  form.addEventListener("submit", stop);
  said.textContent ||= "The answer appears here as you fill in the form.";
}
