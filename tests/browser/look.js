// What a page must have so that it can be used without a mouse, and by ear; and that no raw value and no loose sign stands in its text.
() => {
  const shown = one => one.getClientRects().length > 0;
  const named = one => (one.getAttribute('aria-label') || one.getAttribute('aria-labelledby') || one.title
    || one.textContent || '').trim();
  const what = one => one.outerHTML.slice(0, 90);
  const all = query => Array.from(document.querySelectorAll(query));
  const found = [];
  if (document.documentElement.lang !== 'zh-CN') found.push('lang ' + document.documentElement.lang);
  if (all('h1').length !== 1) found.push(all('h1').length + ' h1');
  if (!document.querySelector('main')) found.push('no main');
  if (!document.title.trim()) found.push('no title');
  all('input, select, textarea').filter(one => one.type !== 'hidden')
    .filter(one => !(one.labels && one.labels.length) && !one.getAttribute('aria-label'))
    .forEach(one => found.push('no label: ' + what(one)));
  all('a[href], button, summary').filter(one => shown(one) && !named(one)).forEach(one => found.push('no name: ' + what(one)));
  all('img:not([alt])').forEach(one => found.push('no alt: ' + what(one)));
  all('[tabindex]').filter(one => one.tabIndex > 0).forEach(one => found.push('tabindex: ' + what(one)));
  const ids = all('[id]').map(one => one.id);
  ids.filter((id, place) => ids.indexOf(id) !== place).forEach(id => found.push('id twice: ' + id));
  all('[aria-describedby]').forEach(one => one.getAttribute('aria-describedby').trim().split(/\s+/)
    .filter(id => !document.getElementById(id)).forEach(id => found.push('describedby nothing: ' + id)));
  all('main *').filter(one => one.children.length === 0 && one.innerText && one.innerText.trim() && shown(one))
    .filter(one => parseFloat(getComputedStyle(one).fontSize) < 12).slice(0, 3).forEach(one => found.push('small: ' + what(one)));
  // What stands in <code> is meant to be copied as it is.
  const text = all('main code').reduce((left, one) => left.replace(one.innerText, ''), document.querySelector('main').innerText);
  if (/undefined|None|null|NaN|\{\{|\}\}/.test(text)) found.push('raw value in the text');
  (text.match(/.{0,8}[\u4e00-\u9fff”）] [，。；：、）]/g) || []).slice(0, 3).forEach(one => found.push('space before a sign: ' + one));
  return found;
}
