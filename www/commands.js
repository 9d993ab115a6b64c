// For comfort only: the pages work without it. It puts the server's real address into the commands, and adds a copy
// button to each of them.
if (location.protocol === "http:") {
  for (const [name, value] of [["host", location.host], ["hostname", location.hostname], ["port", location.port || "80"]]) {
    for (const place of document.querySelectorAll(`.${name}`)) place.textContent = value;
  }
}
for (const code of document.querySelectorAll(".try li > code, .command > code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  // Where a page is in two languages side by side, the language is that of the part.
  const isSpanish = () => (code.closest("article") ?? document.documentElement).lang === "es";
  const label = () => { button.textContent = isSpanish() ? "Copiar" : "Copy"; };
  label();
  new MutationObserver(label).observe(document.documentElement, { attributeFilter: ["lang"] });
  button.addEventListener("click", async () => {
    // Where there is no clipboard (only HTTPS and localhost have one), the text is selected instead.
    try { await navigator.clipboard.writeText(code.textContent); } catch { getSelection().selectAllChildren(code); return; }
    button.textContent = "✓";
    setTimeout(label, 1500);
  });
  code.after(button);
  code.parentElement.classList.add("copied");
}
