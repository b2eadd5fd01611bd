// Logs a person in, then shows GraphiQL with examples to start from. Loads everything from this server.
import { fetcherOptions } from './fetcher.js';
import { tokenIn, tokenInFragment } from './token.js';

const { React, ReactDOM, GraphiQL } = globalThis;
const element = React.createElement;

const STORAGE_KEY = 'script-profiles gateway: token';
const LOGIN =
  'mutation ($input: LoginInput!) { login(input: $input) { session { token } userErrors { message } } }';
const VIEWER = '{ viewer { accountName person { email } } }';
const [person, forget, logIn, refusal, passwordForm, tokenForm, graphiql, sandbox] = [
  ...['#person', '#forget', '#log-in', '#refusal', '#password-form', '#token-form', '#graphiql', '#sandbox'],
].map((selector) => document.querySelector(selector));
sandbox.search = new URLSearchParams({ endpoint: fetcherOptions(location.href, '').url });
const root = ReactDOM.createRoot(graphiql);

/** @throws Error with the gateway's reason */
async function ask(query, { token = '', variables = {} }) {
  const { url, headers } = fetcherOptions(location.href, token);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  }).catch(() => {
    throw new Error('The gateway does not answer.');
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(errors[0].message);
  return data;
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
    // The tab appears with the next rendering, which empties the editor.
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
    element('p', null, 'Each opens in its own tab.'),
    element('ul', { className: 'examples' }, examples.map(item)),
  );
}

/** Shows GraphiQL, or the log-in form if the gateway refuses the token. */
async function use(token) {
  try {
    const { viewer } = await ask(VIEWER, { token });
    person.textContent = `${viewer.person.email} of ${viewer.accountName}`;
  } catch (error) {
    return askForLogIn(error.message);
  }
  sessionStorage.setItem(STORAGE_KEY, token);
  showLogIn(false);
  const plugin = examplesPlugin(examples);
  // A new token needs a new GraphiQL, because GraphiQL loads the schema as the token's person.
  root.render(
    element(GraphiQL, {
      key: token,
      fetcher: GraphiQL.createFetcher(fetcherOptions(location.href, token)),
      plugins: [plugin],
      visiblePlugin: plugin,
      defaultTabs: [{ query: examples[0].document }],
      // A new tab is empty, so that a pasted document stands alone.
      defaultQuery: '',
      shouldPersistHeaders: false,
    }),
  );
}

function askForLogIn(reason = '') {
  person.textContent = '';
  refusal.textContent = reason;
  root.render(null);
  showLogIn(true);
}

function showLogIn(isShown) {
  logIn.hidden = !isShown;
  graphiql.hidden = isShown;
  forget.hidden = isShown;
}

async function logInWithPassword({ email, password, account }) {
  const input = { email: email.trim(), password, account: account.trim() || null };
  try {
    const { login } = await ask(LOGIN, { variables: { input } });
    if (!login.session) return askForLogIn(login.userErrors[0].message);
    passwordForm.reset();
    await use(login.session.token);
  } catch (error) {
    askForLogIn(error.message);
  }
}

/** The token of the link that `npm start` prints. It is removed from the URL, so that no bookmark or screenshot contains it. */
function takeFragment() {
  const token = tokenInFragment(location.hash);
  if (token !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/** Uses the token of the URL, or the one that this tab has stored. */
function begin() {
  const token = takeFragment() ?? sessionStorage.getItem(STORAGE_KEY);
  return token ? use(tokenIn(token)) : askForLogIn();
}

function onSubmit(form, submit) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit(Object.fromEntries(new FormData(form)));
  });
}

const examples = await (await fetch('explorer/examples.json')).json();
onSubmit(passwordForm, logInWithPassword);
onSubmit(tokenForm, ({ token }) => {
  tokenForm.reset();
  use(tokenIn(token));
});
forget.addEventListener('click', () => {
  sessionStorage.removeItem(STORAGE_KEY);
  askForLogIn();
});
addEventListener('hashchange', begin);
begin();
