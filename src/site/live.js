// Reloads the page when one of its files changes (aula --live). The server holds each request until then.
const own = new URL(document.currentScript.src);
addEventListener('load', () => {
  const loaded = [location.href, ...performance.getEntriesByType('resource').map(entry => entry.name)];
  const urls = loaded.map(name => new URL(name)).filter(url => url.origin === own.origin && url.pathname !== own.pathname);
  let query = '';
  for (const path of new Set(urls.map(url => url.pathname.replaceAll('&', '%26')))) {
    if (query.length + path.length < 6000) query += (query && '&') + path;
  }
  new EventSource(new URL('live?' + query, own)).addEventListener('change', () => location.reload());
});
