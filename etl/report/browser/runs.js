// The slider over the runs: shows the one that it stands at. Inlined into pages that have it.

const slider = /** @type {HTMLInputElement} */ (document.getElementById("run-slider"));
const shown = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#run-shown > article"))];

function showRun() {
  const at = Number(slider.value) - 1;
  shown.forEach((run, index) => {
    run.hidden = index !== at;
  });
  slider.setAttribute("aria-valuetext", shown[at]?.dataset.told ?? "");
}

slider.parentElement?.removeAttribute("hidden");
slider.addEventListener("input", showRun);
// A browser that keeps form state over a reload must not show another run than the slider says.
showRun();
