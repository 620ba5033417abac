// Before the first paint, so that the chosen theme never flashes.
{
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
}
