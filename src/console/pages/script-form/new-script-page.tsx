import { useQuery } from '@apollo/client/react';
import { Button, useToastNotification } from '@canonical/react-components';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { graphql } from '../../app/graphql.ts';
import { ChoiceField } from '../../components/form/field.tsx';
import { differs, LEAVE, LeaveGuard } from '../../components/form/leave-guard.tsx';
import { Problems } from '../../components/form/problems.tsx';
import { newKey, useChange } from '../../components/form/use-change.ts';
import { Page } from '../../components/page/page.tsx';
import { fieldNames, ScriptFields } from './script-fields.tsx';
import { emptyScript, inputOf } from './values.ts';

const CREATE = graphql(`
  mutation CreateScript($input: CreateScriptInput!) {
    createScript(input: $input) {
      script { id databaseId title }
      userErrors { code field message }
    }
  }
`);

const GROUPS = graphql(`
  query GroupsForScript {
    viewer { id permissions { permission accessGroups { id name title } } }
  }
`);

/** Creates a script. Nothing runs it until a profile does. */
export default function NewScriptPage() {
  const [values, setValues] = useState(emptyScript);
  const [group, setGroup] = useState<string>();
  const [idempotencyKey, setKey] = useState(newKey);
  const [create, { busy, problems }] = useChange(CREATE);
  const held = useQuery(GROUPS).data?.viewer?.permissions;
  const groups = held?.find(({ permission }) => permission === 'MANAGE_SCRIPT')?.accessGroups ?? [];
  const accessGroup = group ?? (groups.find(({ name }) => name === 'global') ?? groups[0])?.name;
  const navigate = useNavigate();
  const toast = useToastNotification();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const payload = await create({ input: { ...inputOf(values), accessGroup, idempotencyKey } });
    // The next attempt may have other values, which the gateway refuses under the same key.
    setKey(newKey());
    if (!payload?.script) return;
    toast.success(`Created “${payload.script.title}”.`);
    navigate(`/scripts/${payload.script.databaseId}`, LEAVE);
  };
  return (
    <Page title="New script" parent={{ to: '/scripts', label: 'Scripts' }}>
      <LeaveGuard isChanged={differs(emptyScript, values)} />
      <form onSubmit={(event) => void save(event)}>
        <Problems of={problems} except={fieldNames} title="The script was not created" />
        <ScriptFields
          values={values}
          change={(changes) => setValues((before) => ({ ...before, ...changes }))}
          problems={problems}
        >
          <ChoiceField
            name="accessGroup"
            label="Access group"
            help="Computers of the group, and of groups in it, can run the script."
            problems={problems}
            value={accessGroup}
            options={groups.map(({ name, title }) => ({ value: name, label: title }))}
            onChange={({ target }) => setGroup(target.value)}
          />
        </ScriptFields>
        <div className="form__actions">
          <Button type="submit" appearance="positive" disabled={busy}>
            Create script
          </Button>
          <Link className="p-button" to="/scripts" {...LEAVE}>
            Cancel
          </Link>
        </div>
      </form>
    </Page>
  );
}
