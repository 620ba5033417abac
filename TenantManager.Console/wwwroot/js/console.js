// What Blazor cannot do by itself: modal dialogs, and the theme.
export function showDialog(dialog) {
  if (dialog?.isConnected && !dialog.open) dialog.showModal();
}

document.addEventListener('click', event => {
  if (event.target instanceof Element && event.target.closest('[data-theme-switch]')) globalThis.Blazor?.theme?.switchTheme();
});
