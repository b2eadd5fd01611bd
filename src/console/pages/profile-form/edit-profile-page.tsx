import { useQuery, useSubscription } from '@apollo/client/react';
import { useToastNotification } from '@canonical/react-components';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { graphql, read } from '../../app/graphql.ts';
import { NotFoundPage } from '../../app/not-found-page.tsx';
import { LEAVE } from '../../components/form/leave-guard.tsx';
import { useChange } from '../../components/form/use-change.ts';
import { EmptyState } from '../../components/page/empty-state.tsx';
import { Loaded } from '../../components/page/loaded.tsx';
import { Notice } from '../../components/page/notice.tsx';
import { Page } from '../../components/page/page.tsx';
import type { EditedProfileFragment } from '../../generated/graphql.ts';
import { ClashPanel } from './clash-panel.tsx';
import { ProfileForm } from './profile-form.tsx';
import { PROFILE_VALUES, updateInput, type Values, valuesOf } from './values.ts';

const EDITED = graphql(`
  fragment EditedProfile on ScriptProfile {
    id
    databaseId
    title
    version
    script { id title }
    viewerPermissions { canUpdate { allowed message } }
    ...ProfileValues
  }
`);

const PROFILE = graphql(`
  query ProfileToEdit($id: ID!) {
    scriptProfile(id: $id) { id ...EditedProfile }
  }
`);

const CHANGED = graphql(`
  subscription EditedProfileChanged($id: ID!) {
    scriptProfileChanged(id: $id) { scriptProfile { id ...EditedProfile } }
  }
`);

const UPDATE = graphql(`
  mutation UpdateProfile($input: UpdateScriptProfileInput!) {
    updateScriptProfile(input: $input) {
      scriptProfile { id ...EditedProfile }
      clash { ...ProfileClash }
      userErrors { code field message }
    }
  }
`);

/** Edits the profile whose number the address has. */
export default function EditProfilePage() {
  const { id } = useParams();
  const result = useQuery(PROFILE, { variables: { id: id! } });
  useSubscription(CHANGED, { variables: { id: id! }, ignoreResults: true });
  return (
    <Loaded
      of={result}
      part={({ scriptProfile }) => scriptProfile && read(EDITED, scriptProfile)}
      missing={<NotFoundPage what="script profile" />}
    >
      {(profile) => (
        <Page
          title={`Edit ${profile.title}`}
          parent={{ to: `/profiles/${profile.databaseId}`, label: profile.title }}
        >
          <EditProfile key={profile.id} profile={profile} />
        </Page>
      )}
    </Loaded>
  );
}

function EditProfile({ profile }: { readonly profile: EditedProfileFragment }) {
  const { id, databaseId, version, script } = profile;
  const { canUpdate } = profile.viewerPermissions;
  const [now] = useState(() => new Date().toISOString());
  const [update, { busy, problems, refused, clear }] = useChange(UPDATE);
  // What the form started from. It moves on only when a clash is resolved, so other people's edits are noticed.
  const [base, setBase] = useState(() => {
    const stored = read(PROFILE_VALUES, profile);
    return { version: stored.version, values: valuesOf(stored, now) };
  });
  const navigate = useNavigate();
  const toast = useToastNotification();
  const clash = refused?.clash;
  const save = async (values: Values) => {
    const input = { ...updateInput(id, base.values, values), expectedVersion: base.version };
    const payload = await update({ input });
    if (!payload?.scriptProfile) return;
    toast.success('Saved the profile.');
    void navigate(`/profiles/${databaseId}`, LEAVE);
  };
  if (!canUpdate.allowed && version === base.version)
    return <EmptyState title={canUpdate.message ?? 'You may not edit this profile.'} icon="profiles" />;
  return (
    <ProfileForm
      id={id}
      initial={base.values}
      script={script?.title}
      action="Save"
      cancelTo={`/profiles/${databaseId}`}
      inputOf={(values) => ({ update: updateInput(id, base.values, values) })}
      save={save}
      busy={busy}
      refusals={problems}
      notice={(values, replace) => {
        if (clash)
          return (
            <ClashPanel
              key={problems[0]?.message}
              clash={clash}
              values={values}
              now={now}
              onResolve={(stored, chosen) => {
                setBase({ version: stored.version, values: valuesOf(stored, now) });
                replace(chosen);
                clear();
              }}
            />
          );
        if (version === base.version || busy) return null;
        return (
          <Notice severity="caution" borderless title="This profile has just been changed">
            Another person saved it while you were editing. When you save, both versions are shown side by
            side.
          </Notice>
        );
      }}
    />
  );
}
