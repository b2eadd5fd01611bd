// Sets a password with the token in the fragment of the page's address, which a browser sends to no server.
const SET =
  'mutation ($input: SetPasswordInput!) { setPassword(input: $input) { session { viewer { accountName person { email } } } userErrors { message } } }';

const [form, problem, done, email, account] = ['#form', '#problem', '#done', '#email', '#account'].map(
  (selector) => document.querySelector(selector),
);
const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';

/** @throws Error with the gateway's reason */
async function setPassword(password) {
  const answer = await fetch(new URL('graphql', location.href), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: SET, variables: { input: { token, password } } }),
  }).catch(() => {
    throw new Error('The gateway does not answer.');
  });
  const { data, errors } = await answer.json();
  const [error] = errors ?? data.setPassword.userErrors;
  if (error) throw new Error(error.message);
  return data.setPassword.session.viewer;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { password, again } = form.elements;
  problem.textContent = password.value === again.value ? '' : 'The two passwords differ.';
  if (problem.textContent) return;
  const [button] = form.querySelectorAll('button');
  button.disabled = true;
  try {
    const viewer = await setPassword(password.value);
    email.textContent = viewer.person.email;
    account.textContent = viewer.accountName;
    form.hidden = true;
    done.hidden = false;
    // A used token does not work again. Removing it from the address prevents a second attempt.
    history.replaceState(null, '', location.pathname);
  } catch (error) {
    problem.textContent = error.message;
  } finally {
    button.disabled = false;
  }
});

if (!token) {
  form.hidden = true;
  problem.textContent = 'This link has no token. Open the whole link that you were sent.';
}
