// Keeps the page of a deposit live; without script, the page reloads itself.
"use strict";

const EVERY_MS = 1000;
const progress = () => document.getElementById("suivi");

function replaceParts(page) {
  for (const part of document.querySelectorAll("[data-vivant]")) {
    const fresh = page.getElementById(part.id);
    // What the reader is using stays as it is.
    if (fresh && !part.contains(document.activeElement)) {
      part.replaceWith(document.importNode(fresh, true));
    }
  }
}

async function refresh() {
  try {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
    if (answer.ok) {
      replaceParts(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    // The network will come back: the next turn asks again.
  }
  if (progress().dataset.fini === "oui") {
    document.getElementById("annonce").textContent = "Le dépôt a tout traversé.";
  } else {
    window.setTimeout(refresh, EVERY_MS);
  }
}

if (progress().dataset.fini !== "oui") {
  window.setTimeout(refresh, EVERY_MS);
}
