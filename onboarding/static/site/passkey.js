// Says on the page what allauth's own script would only write into the console.
document.addEventListener("allauth.error", (event) => {
  const place = document.querySelector("[data-passkey-problem]");
  if (!place) return;
  event.preventDefault();
  place.textContent = place.dataset.passkeyProblem;
});
