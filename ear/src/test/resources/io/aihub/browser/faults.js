() => {
  const faults = [];
  const shown = (element) => element.getClientRects().length > 0;
  const name = (element) => {
    const by = element.getAttribute('aria-labelledby');
    const texts = by ? by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '') : [];
    return [element.getAttribute('aria-label'), element.getAttribute('title'), element.value,
      element.textContent, ...texts].filter(Boolean).join(' ').trim();
  };
  const where = (element) => `<${element.localName} id="${element.id}" class="${element.className}">`;

  if (!document.documentElement.lang) faults.push('the page has no lang');
  if (!document.title.trim()) faults.push('the page has no title');
  if (document.querySelectorAll('h1').length !== 1) faults.push('the page has not exactly one h1');
  if (document.querySelectorAll('main').length !== 1) faults.push('the page has not exactly one main');

  const ids = new Set();
  for (const element of document.querySelectorAll('[id]')) {
    if (ids.has(element.id)) faults.push(`the id ${element.id} is used twice`);
    ids.add(element.id);
  }
  for (const input of document.querySelectorAll('input, select, textarea')) {
    if (['hidden', 'submit', 'button'].includes(input.type)) continue;
    const labelled = [...(input.labels ?? [])].some((label) => label.textContent.trim());
    const by = (input.getAttribute('aria-labelledby') ?? '').split(/\s+/)
      .some((id) => document.getElementById(id)?.textContent.trim());
    if (!labelled && !by && !input.getAttribute('aria-label') && !input.title) {
      faults.push(`no label: ${where(input)}`);
    }
  }
  for (const control of document.querySelectorAll('a[href], button, [role=button], input[type=submit]')) {
    if (shown(control) && !name(control) && !control.querySelector('img[alt]:not([alt=""])')) {
      faults.push(`no name: ${where(control)}`);
    }
  }
  for (const image of document.querySelectorAll('img')) {
    if (!image.hasAttribute('alt')) faults.push(`no alt: ${where(image)}`);
  }
  for (const label of document.querySelectorAll('label[for]')) {
    if (!document.getElementById(label.htmlFor)) faults.push(`a label for nothing: ${label.htmlFor}`);
  }
  for (const block of document.querySelectorAll('h2, h3, .card, .note, .remarks, .uploaded, .buttons, .ui-panel, .listing')) {
    let before = block.previousElementSibling;
    while (before && !before.getBoundingClientRect().width) before = before.previousElementSibling;
    const gap = before ? block.getBoundingClientRect().top - before.getBoundingClientRect().bottom : NaN;
    if (shown(block) && gap >= -1 && gap < 4) faults.push(`${where(block)} sticks to ${where(before)} above it`);
  }
  for (const text of document.querySelectorAll('dd, td, h1, h2, p, span, div')) {
    if (/\?\?\?|\{\d\}/.test(text.textContent)) { faults.push(`a text is missing: ${text.textContent.slice(0, 80)}`); break; }
  }
  return faults;
}
