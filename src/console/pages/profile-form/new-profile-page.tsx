import { useQuery } from '@apollo/client/react';
import { useToastNotification } from '@canonical/react-components';
import { useRef, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { useViewer } from '../../app/session/viewer.ts';
import { LEAVE } from '../../components/form/leave-guard.tsx';
import { newKey, useChange } from '../../components/form/use-change.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loading } from '../../components/page/loading.tsx';
import { Page } from '../../components/page/page.tsx';
import { ProfileForm } from './profile-form.tsx';
import { createInput, emptyValues, PROFILE_VALUES, type Values, valuesOf } from './values.ts';

const SOURCE = graphql(`
  query ProfileToDuplicate($id: ID!) {
    scriptProfile(id: $id) { id ...ProfileValues }
  }
`);

const CREATE = graphql(`
  mutation CreateProfile($input: CreateScriptProfileInput!) {
    createScriptProfile(input: $input) {
      scriptProfile { id databaseId title }
      userErrors { code field message }
    }
  }
`);

const parent = { to: '/profiles', label: 'Script profiles' };

/** A new profile, empty or as a copy of another one (`?from=`), or for a script (`?script=`). */
export default function NewProfilePage() {
  const [params] = useSearchParams();
  const from = params.get('from');
  const [now] = useState(startOfMinute);
  const viewer = useViewer();
  const source = useQuery(SOURCE, { variables: { id: from! }, skip: from === null });
  const copied = source.data?.scriptProfile ? read(PROFILE_VALUES, source.data.scriptProfile) : undefined;
  const title = from === null ? 'New script profile' : `Copy of ${copied?.title ?? 'a profile'}`;
  const content = () => {
    if (!viewer || (source.loading && !copied)) return <Loading />;
    if (from !== null && !copied)
      return <EmptyState title="There is no such profile to copy." icon="search" />;
    const initial = copied
      ? copyOf(valuesOf(copied, now), now)
      : { ...emptyValues(now, params.get('script') ?? ''), tags: params.getAll('tag') };
    return (
      <NewProfile key={from} initial={initial} cancelTo={from === null ? '/profiles' : `/profiles/${from}`} />
    );
  };
  return (
    <Page title={title} parent={parent}>
      {content()}
    </Page>
  );
}

function NewProfile({ initial, cancelTo }: { readonly initial: Values; readonly cancelTo: string }) {
  const [create, { busy, problems }] = useChange(CREATE, { refetchQueries: ['Profiles'] });
  // One key for each input: sending it again, because no answer came, creates no second profile.
  const sent = useRef({ key: newKey(), input: '' });
  const navigate = useNavigate();
  const toast = useToastNotification();
  const save = async (values: Values) => {
    const input = createInput(values);
    const text = JSON.stringify(input);
    if (sent.current.input !== text) sent.current = { key: newKey(), input: text };
    const payload = await create({ input: { ...input, idempotencyKey: sent.current.key } });
    if (!payload?.scriptProfile) return;
    toast.success(`Created “${payload.scriptProfile.title}”.`);
    void navigate(`/profiles/${payload.scriptProfile.databaseId}`, LEAVE);
  };
  return (
    <ProfileForm
      initial={initial}
      action="Create profile"
      cancelTo={cancelTo}
      inputOf={(values) => ({ create: createInput(values) })}
      save={save}
      busy={busy}
      refusals={problems}
    />
  );
}

/** Without what would be wrong in a copy: a title that is taken, and a time that has passed. */
const copyOf = (values: Values, now: string): Values => ({
  ...values,
  title: `${values.title} (copy)`,
  timestamp: values.timestamp < now ? '' : values.timestamp,
});

function startOfMinute(): string {
  return `${new Date().toISOString().slice(0, 16)}:00Z`;
}
