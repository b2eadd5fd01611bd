// GraphiQL, with a token beside it and examples to start from. Everything it loads comes from this server.
import { fetcherOptions } from './fetcher.js';

const { React, ReactDOM, GraphiQL } = globalThis;
const element = React.createElement;

const KEPT = 'script-profiles gateway: token';
const input = document.querySelector('#token');
const who = document.querySelector('#who');
const sandbox = document.querySelector('#sandbox');
sandbox.search = new URLSearchParams({ endpoint: fetcherOptions(location.href, '').url });
const root = ReactDOM.createRoot(document.querySelector('#graphiql'));

/** Who the token speaks of, or what is wrong with it. */
async function introduce(token) {
  if (!token) return { text: 'none yet: the server answers nobody without one', state: 'refused' };
  const { url, headers } = fetcherOptions(location.href, token);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ viewer { accountName person { email } } }' }),
  });
  const { data, errors } = await answer.json();
  if (!data?.viewer) return { text: errors?.[0]?.message ?? 'refused', state: 'refused' };
  return { text: `${data.viewer.person.email} of ${data.viewer.accountName}`, state: 'accepted' };
}

const examplesPlugin = (examples) => ({
  title: 'Examples',
  icon: () =>
    element(
      'svg',
      { viewBox: '0 0 16 16', fill: 'none', stroke: 'currentColor', strokeWidth: 1.5 },
      element('path', { d: 'M2 3h12M2 8h12M2 13h7' }),
    ),
  content: () => element(Examples, { examples }),
});

function Examples({ examples }) {
  const { addTab, queryEditor } = GraphiQL.React.useEditorContext({ nonNull: true });
  const open = (document) => {
    addTab();
    // The tab comes with the next rendering, and empties the editor.
    setTimeout(() => queryEditor.setValue(document));
  };
  const item = ({ title, document }) =>
    element(
      'li',
      { key: title },
      element('button', { type: 'button', onClick: () => open(document) }, title),
    );
  return element(
    'section',
    null,
    element('h2', { className: 'graphiql-doc-explorer-title' }, 'Examples'),
    element('p', null, 'Each opens in a tab of its own.'),
    element('ul', { className: 'examples' }, examples.map(item)),
  );
}

async function use(token, examples) {
  sessionStorage.setItem(KEPT, token);
  const plugin = examplesPlugin(examples);
  // Another token is another GraphiQL: it asks for the schema as whoever the token speaks of.
  root.render(
    element(GraphiQL, {
      key: token,
      fetcher: GraphiQL.createFetcher(fetcherOptions(location.href, token)),
      plugins: [plugin],
      visiblePlugin: plugin,
      defaultQuery: examples[0].document,
      shouldPersistHeaders: false,
    }),
  );
  const { text, state } = await introduce(token).catch(() => ({ text: 'no answer', state: 'refused' }));
  who.textContent = text;
  who.dataset.state = state;
}

const examples = await (await fetch('explorer/examples.json')).json();
document.querySelector('#token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  use(input.value.trim(), examples);
});
input.value = sessionStorage.getItem(KEPT) ?? '';
use(input.value, examples);
