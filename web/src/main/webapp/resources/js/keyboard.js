/*
 * For readers without a mouse. An update that replaces, disables or removes what has the focus would leave it nowhere,
 * and the next Tab would begin at the top of the page: it goes back to the same control, to one that looks alike, or to
 * the nearest block that is still there.
 */
(() => {
  const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';
  let place = null; // of the focus: its element, what tells that from others like it, and the blocks around it
  let looking = false;

  const shown = (element) => element.getClientRects().length > 0;
  const looks = (element) => [element.localName, element.getAttribute('href'), element.getAttribute('aria-label'),
    element.textContent.trim()].join('|');

  function remember(event) {
    const element = event.target;
    if (element.closest('.ui-dialog')) return; // a dialog gives the focus back to where it came from
    const blocks = [];
    for (let block = element; block && block.localName !== 'main'; block = block.parentElement) {
      if (block.id) blocks.push(block.id);
    }
    place = { element, blocks, looks: looks(element) };
  }

  function goBack() {
    const holder = document.activeElement;
    if (!place || (holder && holder !== document.body && shown(holder))) return;
    if (place.element.isConnected && shown(place.element)) {
      place.element.focus({ preventScroll: true }); // to no avail while it is disabled: its answer is on the way
      return;
    }
    for (const id of place.blocks) {
      const block = document.getElementById(id);
      if (!block || !shown(block)) continue;
      const alike = [block, ...block.querySelectorAll(FOCUSABLE)]
        .find((element) => element.matches(FOCUSABLE) && shown(element) && looks(element) === place.looks);
      if (!alike) block.tabIndex = -1;
      (alike ?? block).focus({ preventScroll: true });
      return;
    }
  }

  /** Goes to a field by its client id, at once: what is typed next belongs there. */
  window.focusField = (id) => {
    const field = document.getElementById(id);
    const control = field.querySelector('[role=combobox], [role=button]')
      ?? field.querySelector('input, textarea') ?? field;
    PrimeFaces.customFocus = true; // PrimeFaces would go back to the button
    control.focus();
  };

  /** Says of PrimeFaces' buttons that they are some, and of its panels whether they are open. */
  function introduce() {
    for (const choose of document.querySelectorAll('.ui-fileupload-choose')) choose.setAttribute('role', 'button');
    for (const toggler of document.querySelectorAll('.ui-panel-titlebar-icon')) {
      toggler.setAttribute('role', 'button');
      toggler.setAttribute('aria-expanded', shown(toggler.closest('.ui-panel').querySelector('.ui-panel-content')));
    }
  }

  function look() {
    looking = false;
    introduce();
    goBack();
  }

  document.addEventListener('focusin', remember);
  document.addEventListener('pointerdown', () => { place = null; }); // a click beside all controls lets the focus go
  document.addEventListener('DOMContentLoaded', () => {
    introduce();
    new MutationObserver(() => {
      if (!looking) {
        looking = true;
        setTimeout(look);
      }
    }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled', 'style', 'class'] });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Tab') {
      setTimeout(() => { if (document.activeElement === document.body) place = null; }); // Tab has left the page
    } else if (event.key === ' ' && event.target.matches('.ui-row-toggler, a[role=button]')) {
      event.preventDefault(); // buttons to PrimeFaces, which has them answer Enter alone
      event.target.click();
    }
  });
})();
