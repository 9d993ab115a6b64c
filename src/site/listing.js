// Shows the dates of a listing in the reader's time instead of UTC, and hides the names that a search does not match.
for (const cell of document.querySelectorAll('td:last-child')) {
  const date = new Date(cell.textContent.replace(' ', 'T') + 'Z');
  if (isNaN(date)) continue;
  const local = new Date(date - date.getTimezoneOffset() * 60000).toISOString();
  cell.firstChild.data = local.slice(0, 10);
  cell.lastChild.textContent = ' ' + local.slice(11, 16);
  cell.title = date.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' });
}
const plain = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const table = document.querySelector('table');
const rows = [...table.rows].slice(1).map(row => [row, plain(row.cells[0].textContent)]);
const search = document.createElement('input');
search.type = 'search';
search.placeholder = search.ariaLabel = table.dataset.search;
search.oninput = () => {
  const wanted = plain(search.value.trim());
  for (const [row, name] of rows) row.hidden = name !== '../' && !name.includes(wanted);
};
table.before(search);
